/** API keys. The text of a key is in the answer that makes it and nowhere else. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "./client";
import type { Asked, Listed } from "./lists";

export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

/** `datasets` null: all of them. */
export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  datasets: string[] | null;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  last_used_ip: string | null;
  is_disabled: boolean;
  user: { id: string; name: string };
}

export interface NewKey {
  name: string;
  scopes: Scope[];
  datasets?: string[];
  expires_at?: number;
}

export interface MadeKey {
  key: ApiKey;
  text: string;
}

export const KEYS = ["keys"];

export function useKeys({ cursor, limit }: Asked) {
  return useQuery({
    queryKey: [...KEYS, cursor, limit],
    queryFn: () => request<Listed<ApiKey>>("/diglot/v1/keys", { query: { cursor, limit } }),
    placeholderData: keepPreviousData,
  });
}

export const createKey = (sent: NewKey) => request<MadeKey>("/diglot/v1/keys", { json: sent });
export const changeKey = (id: string, change: { name?: string; is_disabled?: boolean }) =>
  request<ApiKey>(`/diglot/v1/keys/${id}`, { method: "PATCH", json: change });
export const rotateKey = (id: string, graceSeconds: number) =>
  request<MadeKey>(`/diglot/v1/keys/${id}/rotate`, { json: { grace_seconds: graceSeconds } });
export const deleteKey = (id: string) => request<undefined>(`/diglot/v1/keys/${id}`, { method: "DELETE" });
