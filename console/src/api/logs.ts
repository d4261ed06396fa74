/** What was asked, what was done, and how much of it. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "./client";
import type { Asked, Listed } from "./lists";

/** One question to one of the doors. */
export interface LoggedQuery {
  id: string;
  at: number;
  dialect: string;
  operation: string;
  key_prefix: string | null;
  user_name: string | null;
  dataset_ids: string[];
  question: string;
  method: string;
  ms: number;
  hits: number;
  best_score: number | null;
}

export interface AuditEntry {
  id: string;
  at: number;
  actor: string | null;
  key_prefix: string | null;
  ip: string | null;
  verb: string;
  kind: string;
  object_id: string | null;
  object_name: string | null;
  result: string;
}

/** A time without questions took no time. */
export interface UsageSum {
  queries: number;
  zero_hits: number;
  p50_ms: number | null;
  p95_ms: number | null;
  documents: number;
}

/** A day in UTC, such as `2026-01-31`. */
export interface UsageDay extends UsageSum {
  date: string;
}

/** The oldest day first. */
export interface Usage {
  days: UsageDay[];
  totals: UsageSum;
}

export interface QueriesAsked extends Asked {
  datasetId: string | null;
  zeroHits: boolean;
}

/** `dataset_names`: by id, of those that are still there. */
type QueryLog = Listed<LoggedQuery> & { dataset_names: Record<string, string> };

export function useQueryLog({ datasetId, zeroHits, cursor, limit }: QueriesAsked) {
  const query = { dataset_id: datasetId, zero_hits: zeroHits || null, cursor, limit };
  return useQuery({
    queryKey: ["query-log", query],
    queryFn: () => request<QueryLog>("/diglot/v1/queries", { query }),
    placeholderData: keepPreviousData,
  });
}

export function useAudit({ cursor, limit }: Asked) {
  return useQuery({
    queryKey: ["audit", cursor, limit],
    queryFn: () => request<Listed<AuditEntry>>("/diglot/v1/audit", { query: { cursor, limit } }),
    placeholderData: keepPreviousData,
  });
}

export function useUsage(days: number) {
  return useQuery({
    queryKey: ["usage", days],
    queryFn: () => request<Usage>("/diglot/v1/usage", { query: { days } }),
    placeholderData: keepPreviousData,
  });
}
