/** Pages of a document as pictures, and where its chunks stand on them. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { ApiError, call, request } from "./client";
import { plainId } from "./datasets";

export interface PlacedChunk {
  chunk_id: string;
  position: number;
  /** Left, top, right, bottom, in pixels of the picture. */
  boxes: [number, number, number, number][];
}

export interface Places {
  page: number;
  pages: number;
  width: number;
  height: number;
  chunks: PlacedChunk[];
}

const LASTING_MS = 10 * 60_000;

const path = (documentId: string, page: number, kind: "png" | "json") =>
  `/diglot/v1/documents/${documentId}/pages/${page}.${kind}`;

export function usePlaces(documentId: string, page: number | undefined, width: number) {
  return useQuery({
    queryKey: ["places", plainId(documentId), page, width],
    queryFn: () => request<Places>(path(documentId, page ?? 1, "json"), { query: { width } }),
    placeholderData: keepPreviousData,
    enabled: page !== undefined,
  });
}

async function picture(documentId: string, page: number, width: number): Promise<Blob> {
  const answer = await call(path(documentId, page, "png"), { query: { width } });
  if (answer.ok) return answer.blob();
  const said = (await answer.json().catch(() => ({}))) as { error?: { code?: string; message?: string } };
  throw new ApiError(answer.status, said.error?.code ?? "", said.error?.message ?? answer.statusText);
}

/** The picture of a page. */
export function usePicture(documentId: string, page: number | undefined, width: number) {
  return useQuery({
    queryKey: ["picture", plainId(documentId), page, width],
    queryFn: () => picture(documentId, page ?? 1, width),
    staleTime: LASTING_MS,
    gcTime: LASTING_MS / 10,
    enabled: page !== undefined,
    placeholderData: keepPreviousData,
  });
}
