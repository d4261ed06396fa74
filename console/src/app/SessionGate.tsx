import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { Navigate, Outlet, useLocation } from "react-router";

import { ApiError } from "../api/client";
import { isSetupNeeded, session, type Session } from "../api/session";
import { followMember } from "../i18n";
import { Failure } from "../parts/Failure";

const SessionContext = createContext<Session | null>(null);

/** Who is logged in; only below `SessionGate`. */
export function useSession(): Session {
  const found = useContext(SessionContext);
  if (!found) throw new Error("there is no session here");
  return found;
}

export const useMayWrite = () => useSession().user.role !== "viewer";
export const useIsOwner = () => useSession().user.role === "owner";

async function entrance(): Promise<Session | "setup" | "login"> {
  try {
    const found = await session();
    await followMember(found.user.language);
    return found;
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
    return (await isSetupNeeded()) ? "setup" : "login";
  }
}

export function SessionGate() {
  const { data, error, isPending } = useQuery({ queryKey: ["session"], queryFn: entrance, staleTime: 60_000 });
  const { pathname } = useLocation();
  if (isPending)
    return (
      <Center h="100vh">
        <Loader />
      </Center>
    );
  if (error) return <Failure error={error} />;
  if (data === "setup") return <Navigate to="/setup" replace />;
  if (data === "login") return <Navigate to="/login" state={{ from: pathname }} replace />;
  return (
    <SessionContext value={data}>
      <Outlet />
    </SessionContext>
  );
}
