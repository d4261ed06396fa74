/** Datasets: Dify's door for what they are, RAGFlow's for their chunks, their states and their chunk method. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { request } from "./client";

export type Indexing = "high_quality" | "economy";
export type DocForm = "text_model" | "qa_model" | "hierarchical_model";
export type SearchMethod = "semantic_search" | "full_text_search" | "hybrid_search" | "keyword_search";
export type FieldType = "string" | "number" | "time";

export interface Tag {
  id: string;
  name: string;
}

export interface Weights {
  weight_type: string | null;
  vector_setting: { vector_weight: number } | null;
  keyword_setting: { keyword_weight: number } | null;
}

export interface RetrievalModel {
  search_method: SearchMethod;
  reranking_enable: boolean;
  reranking_mode: "reranking_model" | "weighted_score" | null;
  reranking_model: { reranking_provider_name?: string; reranking_model_name?: string } | null;
  weights: Weights | null;
  top_k: number;
  score_threshold_enabled: boolean;
  score_threshold: number | null;
}

export interface Dataset {
  id: string;
  name: string;
  description: string | null;
  indexing_technique: Indexing | null;
  embedding_model: string | null;
  embedding_available: boolean | null;
  document_count: number;
  total_available_documents: number;
  word_count: number;
  created_at: number;
  updated_at: number;
  retrieval_model_dict: RetrievalModel;
  tags: Tag[];
  doc_form: DocForm | null;
  built_in_field_enabled: boolean;
  enable_api: boolean;
}

export interface Paged<T> {
  data: T[];
  has_more: boolean;
  limit: number;
  total: number;
  page: number;
}

/** What RAGFlow's door knows of a dataset beside. */
export interface Figures {
  id: string;
  chunk_count: number;
  token_num: number;
  unstart_count: number;
  running_count: number;
  cancel_count: number;
  done_count: number;
  fail_count: number;
}

export interface Field {
  id: string;
  name: string;
  type: FieldType;
  count: number;
}

export interface Model {
  model: string;
  provider: string;
}

export interface NewDataset {
  name: string;
  description?: string;
  indexing_technique?: Indexing;
  embedding_model?: string;
}

export type DatasetChange = Partial<NewDataset> & { retrieval_model?: RetrievalModel };

export interface DatasetsAsked {
  keyword: string;
  tagIds: string[];
  page: number;
  limit: number;
}

/** One id in both dialects: Dify's has dashes, RAGFlow's has none. */
export const plainId = (id: string) => id.replaceAll("-", "").toLowerCase();

const listDatasets = ({ keyword, tagIds, page, limit }: DatasetsAsked) =>
  request<Paged<Dataset>>("/v1/datasets", { query: { keyword, tag_ids: tagIds, page, limit } });

export const createDataset = (sent: NewDataset) => request<Dataset>("/v1/datasets", { json: sent });
export const changeDataset = (id: string, change: DatasetChange) =>
  request<Dataset>(`/v1/datasets/${id}`, { method: "PATCH", json: change });
export const deleteDataset = (id: string) => request<undefined>(`/v1/datasets/${id}`, { method: "DELETE" });
export const switchApi = (id: string, enabled: boolean) =>
  request<{ id: string; api_enabled: boolean }>(`/diglot/v1/datasets/${id}/api`, {
    method: "PATCH",
    json: { enabled },
  });

/** How documents to come are cut, where nobody says otherwise. */
export const setMethod = (id: string, method: string, config: Record<string, unknown>) =>
  request<unknown>(`/api/v1/datasets/${plainId(id)}`, {
    method: "PUT",
    json: { chunk_method: method, parser_config: config },
  });

async function figures(ids: string[]): Promise<Map<string, Figures>> {
  if (ids.length === 0) return new Map();
  const query = { ids: ids.map(plainId), page_size: ids.length, include_parsing_status: true };
  const { data } = await request<{ data: Figures[] }>("/api/v1/datasets", { query });
  return new Map(data.map((one) => [plainId(one.id), one]));
}

export function useDatasets(asked: DatasetsAsked) {
  return useQuery({
    queryKey: ["datasets", asked],
    queryFn: () => listDatasets(asked),
    placeholderData: keepPreviousData,
  });
}

export function useDataset(id: string) {
  return useQuery({ queryKey: ["dataset", id], queryFn: () => request<Dataset>(`/v1/datasets/${id}`) });
}

export function useFigures(ids: string[]) {
  return useQuery({ queryKey: ["figures", ids], queryFn: () => figures(ids), placeholderData: keepPreviousData });
}

/** What of a dataset may have changed, wherever it is shown. */
export const TOLD_OF_DATASETS = [["datasets"], ["dataset"], ["figures"]];

export const useTags = () => useQuery({ queryKey: ["tags"], queryFn: () => request<Tag[]>("/v1/datasets/tags") });
export const createTag = (name: string) => request<Tag>("/v1/datasets/tags", { json: { name } });
export const bindTags = (datasetId: string, tagIds: string[]) =>
  request<undefined>("/v1/datasets/tags/binding", { json: { target_id: datasetId, tag_ids: tagIds } });
export const unbindTags = (datasetId: string, tagIds: string[]) =>
  request<undefined>("/v1/datasets/tags/unbinding", { json: { target_id: datasetId, tag_ids: tagIds } });

const fieldsOf = (datasetId: string) => `/v1/datasets/${datasetId}/metadata`;

export function useFields(datasetId: string) {
  return useQuery({
    queryKey: ["fields", datasetId],
    queryFn: () => request<{ doc_metadata: Field[]; built_in_field_enabled: boolean }>(fieldsOf(datasetId)),
  });
}

export const addField = (datasetId: string, name: string, type: FieldType) =>
  request<Field>(fieldsOf(datasetId), { json: { name, type } });
export const renameField = (datasetId: string, fieldId: string, name: string) =>
  request<Field>(`${fieldsOf(datasetId)}/${fieldId}`, { method: "PATCH", json: { name } });
export const deleteField = (datasetId: string, fieldId: string) =>
  request<undefined>(`${fieldsOf(datasetId)}/${fieldId}`, { method: "DELETE" });
export const showBuiltInFields = (datasetId: string, isShown: boolean) =>
  request<unknown>(`${fieldsOf(datasetId)}/built-in/${isShown ? "enable" : "disable"}`, { method: "POST" });

async function modelsOf(type: "text-embedding" | "rerank"): Promise<Model[]> {
  const answer = await request<{ data: { provider: string; models: { model: string }[] }[] }>(
    `/v1/workspaces/current/models/model-types/${type}`,
  );
  return answer.data.flatMap(({ provider, models }) => models.map(({ model }) => ({ model, provider })));
}

export const useEmbeddingModels = () =>
  useQuery({ queryKey: ["models", "text-embedding"], queryFn: () => modelsOf("text-embedding"), staleTime: 60_000 });
export const useRerankModels = () =>
  useQuery({ queryKey: ["models", "rerank"], queryFn: () => modelsOf("rerank"), staleTime: 60_000 });

export interface IndexBuild {
  embedding_model: string | null;
  created_at: number;
  trouble: string | null;
}

const LOOK_AGAIN_MS = 2000;

/** The index that answers and, after a change, the one that is being built beside it. */
export function useIndex(datasetId: string) {
  return useQuery({
    queryKey: ["index", datasetId],
    queryFn: () =>
      request<{ active: IndexBuild; building: IndexBuild | null }>(`/diglot/v1/datasets/${plainId(datasetId)}/index`),
    refetchInterval: ({ state }) => (state.data?.building ? LOOK_AGAIN_MS : false),
    retry: false,
  });
}
