/** Why documents and jobs failed: a sentence of the server's, and what it takes to say it in another language. */

import { request } from "./client";
import { plainId } from "./datasets";

export interface Failed {
  error: string | null;
  error_code: string | null;
  error_facts: Record<string, string> | null;
}

type Failure = Failed & { document_id: string };

/** Of these documents those that failed, by plain id; for lists of APIs that know the sentence alone. */
export async function failures(datasetId: string, ids: string[]): Promise<Map<string, Failed>> {
  if (ids.length === 0) return new Map();
  const query = { document_ids: ids.map(plainId).join() };
  const { items } = await request<{ items: Failure[] }>(`/diglot/v1/datasets/${plainId(datasetId)}/failures`, {
    query,
  });
  return new Map(items.map((one) => [plainId(one.document_id), one]));
}
