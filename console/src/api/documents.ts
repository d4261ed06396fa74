/** Documents of a dataset: Dify's door for the list, RAGFlow's for how far each has come. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { call, request } from "./client";
import { plainId, type Paged } from "./datasets";
import type { DocumentEvent } from "./events";
import { failures, type Failed } from "./reasons";

/** A document's state in one word: where it stands on its way, then whether it is found. */
export type Stage =
  | "unstarted"
  | "waiting"
  | "parsing"
  | "cleaning"
  | "splitting"
  | "embedding"
  | "indexing"
  | "paused"
  | "failed"
  | "cancelled"
  | "available"
  | "disabled"
  | "archived";

/** Names by which the server narrows the list. */
export const SHOWN_AS = ["queuing", "indexing", "error", "available", "disabled", "archived"] as const;
export type ShownAs = (typeof SHOWN_AS)[number];

export interface DocumentRow {
  id: string;
  name: string;
  size: number;
  words: number;
  tokens: number;
  chunks: number;
  addedAt: number;
  stage: Stage;
  progress: number;
  /** Null where nothing failed. */
  failed: Failed | null;
  isEnabled: boolean;
  isArchived: boolean;
}

interface DifyDocument {
  id: string;
  name: string;
  data_source_detail_dict: { upload_file: { size: number } };
  created_at: number;
  tokens: number;
  word_count: number;
  indexing_status: string;
  display_status: string;
  error: string | null;
  enabled: boolean;
  archived: boolean;
}

interface RagflowDocument {
  id: string;
  chunk_count: number;
  token_count: number;
  progress: number;
  run: "UNSTART" | "RUNNING" | "CANCEL" | "DONE" | "FAIL";
}

export interface DocumentsAsked {
  keyword: string;
  status: ShownAs | null;
  page: number;
  limit: number;
}

export interface DocumentsPage {
  rows: DocumentRow[];
  total: number;
}

const UNDER_WAY: ReadonlySet<Stage> = new Set(["waiting", "parsing", "cleaning", "splitting", "embedding", "indexing"]);
const BUSY = ["parsing", "cleaning", "splitting", "embedding", "indexing", "waiting", "paused"] as const;

export const isUnderWay = (stage: Stage) => UNDER_WAY.has(stage);

const difyPath = (datasetId: string) => `/v1/datasets/${datasetId}/documents`;
const ragflowPath = (datasetId: string) => `/api/v1/datasets/${plainId(datasetId)}/documents`;

export async function listDocuments(datasetId: string, asked: DocumentsAsked): Promise<DocumentsPage> {
  const { keyword, status, page, limit } = asked;
  const listed = await request<Paged<DifyDocument>>(difyPath(datasetId), { query: { keyword, status, page, limit } });
  const ofFailed = listed.data.filter(({ error }) => error !== null).map(({ id }) => id);
  const [states, reasons] = await Promise.all([statesOf(datasetId, listed.data), failures(datasetId, ofFailed)]);
  const rows = listed.data.map((one) => row(one, states.get(plainId(one.id)), reasons.get(plainId(one.id))));
  return { rows, total: listed.total };
}

async function statesOf(datasetId: string, listed: DifyDocument[]): Promise<Map<string, RagflowDocument>> {
  if (listed.length === 0) return new Map();
  const query = { ids: listed.map((one) => plainId(one.id)), page_size: listed.length };
  const { data } = await request<{ data: { docs: RagflowDocument[] } }>(ragflowPath(datasetId), { query });
  return new Map(data.docs.map((one) => [plainId(one.id), one]));
}

function row(document: DifyDocument, state: RagflowDocument | undefined, failed: Failed | undefined): DocumentRow {
  const { error } = document;
  return {
    id: document.id,
    name: document.name,
    size: document.data_source_detail_dict.upload_file.size,
    words: document.word_count,
    tokens: state?.token_count ?? document.tokens,
    chunks: state?.chunk_count ?? 0,
    addedAt: document.created_at * 1000,
    stage: stageOf(document, state),
    progress: Math.max(0, state?.progress ?? 0),
    failed: failed ?? (error === null ? null : { error, error_code: null, error_facts: null }),
    isEnabled: document.enabled,
    isArchived: document.archived,
  };
}

function stageOf(document: DifyDocument, state: RagflowDocument | undefined): Stage {
  if (state?.run === "CANCEL") return "cancelled";
  if (state?.run === "FAIL" || document.indexing_status === "error") return "failed";
  if (state?.run === "UNSTART" && document.indexing_status === "waiting") return "unstarted";
  return BUSY.find((one) => one === document.indexing_status) ?? foundAs(document.enabled, document.archived);
}

function foundAs(isEnabled: boolean, isArchived: boolean): Stage {
  if (isArchived) return "archived";
  return isEnabled ? "available" : "disabled";
}

/** The row after what was told of it. */
export function told(before: DocumentRow, event: DocumentEvent): DocumentRow {
  return {
    ...before,
    name: event.name,
    stage: toldStage(before, event),
    progress: Math.max(0, event.progress),
    failed: event.error === null ? null : event,
    chunks: event.chunk_count,
  };
}

function toldStage(before: DocumentRow, { status, phase }: DocumentEvent): Stage {
  if (phase === "unstarted") return "unstarted";
  if (phase === "failed" || phase === "cancelled") return phase;
  return BUSY.find((one) => one === status) ?? foundAs(before.isEnabled, before.isArchived);
}

export const documentsKey = (datasetId: string) => ["documents", plainId(datasetId)];

export function useDocuments(datasetId: string, asked: DocumentsAsked) {
  return useQuery({
    queryKey: [...documentsKey(datasetId), asked],
    queryFn: () => listDocuments(datasetId, asked),
    placeholderData: keepPreviousData,
    // Should the line of events be cut, what is under way is still looked after.
    refetchInterval: ({ state }) => (state.data?.rows.some(({ stage }) => isUnderWay(stage)) ? 10_000 : false),
  });
}

export type Switch = "enable" | "disable" | "archive" | "un_archive";

export const switchDocuments = (datasetId: string, action: Switch, ids: string[]) =>
  request<unknown>(`${difyPath(datasetId)}/status/${action}`, { method: "PATCH", json: { document_ids: ids } });
export const deleteDocuments = (datasetId: string, ids: string[]) =>
  request<unknown>(ragflowPath(datasetId), { method: "DELETE", json: { ids: ids.map(plainId) } });
export const parseDocuments = (datasetId: string, ids: string[]) =>
  request<unknown>(`${ragflowPath(datasetId)}/parse`, { json: { document_ids: ids.map(plainId) } });
export const stopDocuments = (datasetId: string, ids: string[]) =>
  request<unknown>(`${ragflowPath(datasetId)}/stop`, { json: { document_ids: ids.map(plainId) } });

export async function downloadZip(datasetId: string, ids: string[]): Promise<Blob> {
  const answer = await call(`${difyPath(datasetId)}/download-zip`, { json: { document_ids: ids } });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message ?? answer.statusText);
  return answer.blob();
}

export interface PreviewedChunk {
  position: number;
  content: string;
  answer: string | null;
  tokens: number;
  kind: string;
  tags: string[];
  children: { content: string; tokens: number }[];
  anchors: Anchor[];
}

export interface Anchor {
  page?: number | null;
  headings?: string[] | null;
  sheet?: string | null;
  cells?: string | null;
  slide?: number | null;
  part?: string | null;
  start_ms?: number | null;
  end_ms?: number | null;
}

export interface Previewed {
  chunks: PreviewedChunk[];
  counts: { chunks: number; tokens: number; characters: number };
  title: string | null;
  pages: number | null;
  notes: string[];
}

export function preview(file: File, rules: object, signal: AbortSignal): Promise<Previewed> {
  const form = new FormData();
  form.append("data", JSON.stringify(rules));
  form.append("file", file);
  return request<Previewed>("/diglot/v1/preview", { form, signal });
}
