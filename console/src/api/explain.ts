/** A search with everything that can be said of it: `/diglot/v1/explain`. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { Place } from "./chunks";
import { request } from "./client";
import { explainBody, type Asked, type Operator } from "./retrieval";

export interface Scores {
  bm25: number | null;
  best_bm25: number;
  share: number | null;
  cosine: number | null;
  vector_weight: number;
  boost: number;
  fused: number | null;
  rerank: number | null;
  final: number;
}

export interface Parts {
  words: number;
  vector: number;
  rerank: number;
  boost: number;
}

export interface Matched {
  content: string[];
  title: string[];
  keywords: string[];
}

export interface Verdict {
  name: string;
  operator: Operator;
  values: unknown[];
  attribute: string | null;
  is_met: boolean;
  document_values: unknown[];
}

export interface ExplainedChunk {
  chunk_id: string;
  document_id: string | null;
  document_name: string | null;
  dataset_id: string | null;
  content: string | null;
  answer: string | null;
  position: number | null;
  anchors: Place[];
  rank: number | null;
  rank_before_rerank: number | null;
  scores: Scores | null;
  parts: Parts | null;
  matched: Matched | null;
  /** From which character of the content to before which. */
  marks: [number, number][];
  filters: Verdict[];
}

export interface ExplainedHit extends ExplainedChunk {
  children: ExplainedChunk[];
}

export interface AskedChunk extends ExplainedChunk {
  reason: string;
  explanation: string;
  /** The numbers that decided, by name. */
  facts: { failed?: Verdict[]; status?: string } & Record<string, unknown>;
}

export interface Plan {
  method: string;
  top_k: number;
  threshold: number | null;
  reranker: string | null;
  depth: number;
  scored: number;
  language: string;
  terms: string[];
  datasets: { dataset_id: string; embedding_model: string | null; vector_weight: number; weight_from: string }[];
  notes: string[];
}

export interface Explained {
  plan: Plan;
  hits: ExplainedHit[];
  chunks: AskedChunk[];
  /** From asking to the answer, as the browser saw it. */
  ms: number;
}

async function explain(datasetId: string, asked: Asked, chunkIds: string[], signal: AbortSignal): Promise<Explained> {
  const begun = performance.now();
  const json = explainBody(datasetId, asked, chunkIds);
  const said = await request<Omit<Explained, "ms">>("/diglot/v1/explain", { json, signal });
  return { ...said, ms: Math.round(performance.now() - begun) };
}

export function useSearch(datasetId: string, asked: Asked) {
  return useQuery({
    queryKey: ["explained", datasetId, asked],
    queryFn: ({ signal }) => explain(datasetId, asked, [], signal),
    enabled: asked.question.trim() !== "",
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 60_000,
  });
}

/** What became of one chunk in the same search. */
export function useAbsence(datasetId: string, asked: Asked, chunkId: string) {
  return useQuery({
    queryKey: ["absence", datasetId, asked, chunkId],
    queryFn: ({ signal }) => explain(datasetId, asked, [chunkId], signal),
    enabled: asked.question.trim() !== "" && chunkId !== "",
    refetchOnWindowFocus: false,
  });
}
