/** The embedding models and rerankers of this installation. */

import { useQuery } from "@tanstack/react-query";

import { request } from "./client";

export type ModelType = "embedding" | "rerank";

/** `languages` null: any. `base_url` and `key_hint` belong to models behind an endpoint. */
export interface InstalledModel {
  name: string;
  kind: string;
  dimension: number | null;
  languages: string[] | null;
  is_default: boolean;
  dataset_count: number;
  base_url?: string | null;
  key_hint?: string | null;
}

export type InstalledModels = Record<ModelType, InstalledModel[]>;

export interface NewModel {
  type: ModelType;
  name: string;
  base_url: string;
  model: string;
  api_key?: string;
  dimension?: number;
}

export interface ModelTest {
  ok: boolean;
  dimension: number | null;
  ms: number;
  message: string | null;
}

/** Lists of models elsewhere have keys that begin alike: they are asked for anew together. */
export const MODELS = ["models"];

export const useInstalledModels = () =>
  useQuery({ queryKey: [...MODELS, "installed"], queryFn: () => request<InstalledModels>("/diglot/v1/models") });
export const testModel = (sent: NewModel) => request<ModelTest>("/diglot/v1/models/test", { json: sent });
export const addModel = (sent: NewModel) => request<unknown>("/diglot/v1/models", { json: sent });
export const deleteModel = (name: string) =>
  request<undefined>(`/diglot/v1/models/${encodeURIComponent(name)}`, { method: "DELETE" });
