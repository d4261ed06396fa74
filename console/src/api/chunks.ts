/** A document with all that is known of it, and its chunks: ours for reading, Dify's and RAGFlow's doors for changes. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { ApiError, request } from "./client";
import { plainId } from "./datasets";
import type { Failed } from "./reasons";

/** Where a chunk stands in its file; what the format has not is absent. Boxes: page, left, top, right, bottom in points. */
export interface Place {
  page?: number;
  boxes?: number[][];
  headings?: string[];
  start?: number;
  end?: number;
  sheet?: string;
  cells?: string;
  slide?: number;
  shape?: string;
  part?: string;
  start_ms?: number;
  end_ms?: number;
}

export type Form = "text" | "question_answer" | "hierarchical";
export type Phase = "unstarted" | "running" | "cancelled" | "done" | "failed";

/** The rules that a document is made by, as far as they are shown. */
export interface Rules {
  mode: string;
  method: string;
  separator: string;
  max_tokens: number;
  overlap: number;
  cleaning: { remove_extra_spaces: boolean; remove_urls_emails: boolean };
  options: { chunk_tokens: number; delimiter: string; overlap_percent: number };
  children: { parent_mode: string; separators: string[]; max_tokens: number; overlap: number } | null;
}

export interface ShownDocument extends Failed {
  id: string;
  dataset_id: string;
  name: string;
  status: string;
  phase: Phase;
  progress: number;
  notes: string[];
  enabled: boolean;
  archived: boolean;
  size: number;
  media_type: string;
  has_pages: boolean;
  form: Form;
  rules: Rules;
  chunk_count: number;
  character_count: number;
  tokens: number;
  metadata: Record<string, unknown>;
  created_at: number;
  updated_at: number;
  completed_at: number | null;
}

export interface Chunk {
  id: string;
  position: number;
  content: string;
  answer: string | null;
  keywords: string[];
  questions: string[];
  tags: string[];
  kind: "text" | "table" | "image";
  tokens: number;
  characters: number;
  enabled: boolean;
  status: string;
  error: string | null;
  is_parent: boolean;
  child_count: number;
  anchors: Place[];
  updated_at: number;
}

/** `isLost`: the chunk that was looked for is not there; then it is the first page. */
export interface ChunkPage {
  items: Chunk[];
  page: number;
  total: number;
  isLost?: boolean;
}

export interface Child {
  id: string;
  content: string;
  position: number;
  word_count: number;
  type: "automatic" | "customized";
}

export interface ChildPage {
  data: Child[];
  total: number;
  total_pages: number;
  page: number;
}

/** What is written of a chunk. */
export interface Written {
  content: string;
  answer?: string;
  keywords: string[];
}

export interface ChunksAsked {
  page?: number;
  chunkId?: string;
  keyword: string;
}

export const CHUNKS_A_PAGE = 20;
export const CHILDREN_A_PAGE = 10;
const BUSY_MS = 2000;

export function useShownDocument(documentId: string) {
  return useQuery({
    queryKey: ["document", plainId(documentId)],
    queryFn: () => request<ShownDocument>(`/diglot/v1/documents/${documentId}`),
    refetchInterval: ({ state }) => (state.data?.phase === "running" ? BUSY_MS : false),
  });
}

async function listChunks(documentId: string, { page, chunkId, keyword }: ChunksAsked): Promise<ChunkPage> {
  const path = `/diglot/v1/documents/${documentId}/chunks`;
  const query = { keyword, limit: CHUNKS_A_PAGE };
  if (!chunkId) return request<ChunkPage>(path, { query: { ...query, page } });
  try {
    return await request<ChunkPage>(path, { query: { ...query, chunk_id: chunkId } });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "not_found")) throw error;
    return { ...(await request<ChunkPage>(path, { query })), isLost: true };
  }
}

const chunksKey = (documentId: string) => ["chunks", plainId(documentId)];

export function useChunks(documentId: string, asked: ChunksAsked, isWanted = true) {
  return useQuery({
    queryKey: [...chunksKey(documentId), asked],
    queryFn: () => listChunks(documentId, asked),
    placeholderData: keepPreviousData,
    enabled: isWanted,
  });
}

const segments = (datasetId: string, documentId: string) =>
  `/v1/datasets/${datasetId}/documents/${documentId}/segments`;

/** Changes to the chunks of a document; what is shown of it is asked for anew after each. */
export function useChunkChanges(datasetId: string, documentId: string) {
  const path = segments(datasetId, documentId);
  const inRagflow = `/api/v1/datasets/${plainId(datasetId)}/documents/${plainId(documentId)}/chunks`;
  return {
    add: useChange(documentId, (sent: Written) =>
      request<{ data: { id: string }[] }>(path, { json: { segments: [sent] } }),
    ),
    edit: useChange(documentId, ({ id, sent, regenerates }: { id: string; sent: Written; regenerates?: boolean }) =>
      request<unknown>(`${path}/${id}`, {
        json: { segment: { ...sent, enabled: true, regenerate_child_chunks: regenerates ?? false } },
      }),
    ),
    remove: useChange(documentId, (id: string) => request<unknown>(`${path}/${id}`, { method: "DELETE" })),
    switch: useChange(documentId, ({ id, isOn }: { id: string; isOn: boolean }) =>
      request<unknown>(inRagflow, { method: "PATCH", json: { chunk_ids: [plainId(id)], available: isOn } }),
    ),
  };
}

const childrenKey = (documentId: string, chunkId: string) => [...chunksKey(documentId), "children", plainId(chunkId)];
const childrenPath = (datasetId: string, documentId: string, chunkId: string) =>
  `${segments(datasetId, documentId)}/${chunkId}/child_chunks`;

export function useChildren(datasetId: string, documentId: string, chunkId: string, page: number) {
  return useQuery({
    queryKey: [...childrenKey(documentId, chunkId), page],
    queryFn: () =>
      request<ChildPage>(childrenPath(datasetId, documentId, chunkId), { query: { page, limit: CHILDREN_A_PAGE } }),
    placeholderData: keepPreviousData,
  });
}

export function useChildChanges(datasetId: string, documentId: string, chunkId: string) {
  const path = childrenPath(datasetId, documentId, chunkId);
  return {
    add: useChange(documentId, (content: string) => request<unknown>(path, { json: { content } })),
    edit: useChange(documentId, ({ id, content }: { id: string; content: string }) =>
      request<unknown>(`${path}/${id}`, { method: "PATCH", json: { content } }),
    ),
    remove: useChange(documentId, (id: string) => request<unknown>(`${path}/${id}`, { method: "DELETE" })),
  };
}

/** One value a field; null takes it away. Values of other fields stay. */
export type Values = { id: string; name: string; value: string | number | null }[];

export function useMetadataChange(datasetId: string, documentId: string) {
  return useChange(documentId, (values: Values) =>
    request<unknown>(`/v1/datasets/${datasetId}/documents/metadata`, {
      json: { operation_data: [{ document_id: documentId, metadata_list: values, partial_update: true }] },
    }),
  );
}

/** A link to the file as it was sent, good for a few minutes without a token. */
export const downloadLink = (datasetId: string, documentId: string) =>
  request<{ url: string }>(`/v1/datasets/${datasetId}/documents/${documentId}/download`);

function useChange<Sent, Said>(documentId: string, change: (sent: Sent) => Promise<Said>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => {
      const plain = plainId(documentId);
      for (const queryKey of [
        ["chunks", plain],
        ["document", plain],
        ["places", plain],
      ])
        void client.invalidateQueries({ queryKey });
    },
  });
}
