import { createContext, useContext, useMemo, useState, type ReactNode } from "react";

import type { ApiName } from "../model/openapi";

/** What a reader filled in once and finds again on the next page. It lives as long as the window and is stored nowhere. */
interface Connection {
  key: string;
  setKey: (key: string) => void;
  servers: Partial<Record<ApiName, string>>;
  setServer: (api: ApiName, server: string) => void;
  paths: Record<string, string>;
  setPath: (name: string, value: string) => void;
}

const ConnectionContext = createContext<Connection | null>(null);

export function useConnection(): Connection {
  const found = useContext(ConnectionContext);
  if (!found) throw new Error("there is no connection here");
  return found;
}

export function ConnectionProvider({ children }: { children: ReactNode }) {
  const [key, setKey] = useState("");
  const [servers, setServers] = useState<Connection["servers"]>({});
  const [paths, setPaths] = useState<Connection["paths"]>({});
  const connection = useMemo(
    () => ({
      key,
      setKey,
      servers,
      setServer: (api: ApiName, server: string) => setServers((before) => ({ ...before, [api]: server })),
      paths,
      setPath: (name: string, value: string) => setPaths((before) => ({ ...before, [name]: value })),
    }),
    [key, servers, paths],
  );
  return <ConnectionContext value={connection}>{children}</ConnectionContext>;
}
