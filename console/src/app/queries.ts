import { QueryClient } from "@tanstack/react-query";

import { ApiError } from "../api/client";

/** What was refused stays refused; what failed on the way is tried again. */
function isWorthARetry(count: number, error: Error): boolean {
  const isRefused = error instanceof ApiError && error.status < 500 && error.status !== 429;
  return count < 2 && !isRefused;
}

export const queries = new QueryClient({
  defaultOptions: { queries: { retry: isWorthARetry, staleTime: 5_000, refetchOnWindowFocus: true } },
});
