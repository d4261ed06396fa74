/** The server as it stands, and what may be chosen for all of it. */

import { useQuery } from "@tanstack/react-query";

import { request } from "./client";

export type Door = "dify" | "ragflow" | "data" | "diglot";

export interface ServerState {
  version: string;
  started_at: number;
  catalog: "sqlite" | "postgresql";
  disk: { free: number; total: number };
  counts: { datasets: number; documents: number; chunks: number; queued: number };
  extras: { ocr: boolean; legacy: boolean };
  doors: Record<Door, boolean>;
  console: boolean;
}

/** `links` are the operator's settings, not to be changed here. */
export interface Settings {
  api_enabled: boolean;
  query_log: { enabled: boolean; days: number };
  /** 0 days: for ever. */
  audit: { days: number };
  links: { edit: string | null; report: string | null };
}

/** What is left out stays. */
export interface SettingsChange {
  api_enabled?: boolean;
  query_log?: Partial<Settings["query_log"]>;
  audit?: Settings["audit"];
}

export const SETTINGS = ["settings"];

export const useServer = () =>
  useQuery({ queryKey: ["server"], queryFn: () => request<ServerState>("/diglot/v1/server"), refetchInterval: 15_000 });
export const useSettings = () =>
  useQuery({ queryKey: SETTINGS, queryFn: () => request<Settings>("/diglot/v1/settings") });
export const changeSettings = (change: SettingsChange) =>
  request<Settings>("/diglot/v1/settings", { method: "PATCH", json: change });
