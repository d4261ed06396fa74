import { call } from "./client";
import type { Failed } from "./reasons";

export interface DocumentEvent extends Failed {
  id: string;
  dataset_id: string;
  name: string;
  status: string;
  phase: string;
  progress: number;
  chunk_count: number;
  updated_at: number;
}

const AGAIN_MS = 3000;

/** Calls `tell` for each change of a document of the dataset until the signal; connects again when the line breaks. */
export async function follow(
  datasetId: string,
  tell: (event: DocumentEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const answer = await call("/diglot/v1/events", { query: { dataset_id: datasetId }, signal });
      if (answer.ok && answer.body) await read(answer.body, tell);
    } catch {
      if (signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

async function read(body: ReadableStream<Uint8Array>, tell: (event: DocumentEvent) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let held = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += decoder.decode(value, { stream: true });
    const parts = held.split("\n\n");
    held = parts.pop() ?? "";
    for (const part of parts) {
      const lines = part.split("\n");
      const kind = lines
        .find((line) => line.startsWith("event:"))
        ?.slice(6)
        .trim();
      const data = lines
        .find((line) => line.startsWith("data:"))
        ?.slice(5)
        .trim();
      if (kind === "document" && data) tell(JSON.parse(data) as DocumentEvent);
    }
  }
}
