import { Navigate, Outlet } from "react-router";

import { useIsOwner } from "./SessionGate";

/** Whoever types the address of a place that is not for them is led to one that is. */
export function OwnersOnly() {
  return useIsOwner() ? <Outlet /> : <Navigate to="/datasets" replace />;
}
