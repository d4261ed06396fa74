import { request } from "../../api/client";
import { createDataset, type Dataset } from "../../api/datasets";
import { addUploads } from "../../api/upload";

export const QUESTION_LENGTH = 250;

export interface Material {
  name: string;
  files: File[];
  sample: { name: string; text: string } | null;
}

export interface Found {
  segment: { id: string; content: string; answer: string | null; document: { id: string; name: string } };
  score: number;
}

/** A dataset with the first documents on their way. */
export async function begin({ name, files, sample }: Material): Promise<Dataset> {
  const dataset = await createDataset({ name, indexing_technique: "high_quality" });
  addUploads(dataset.id, files, { kind: "dataset" }, "high_quality");
  if (sample) {
    await request(`/v1/datasets/${dataset.id}/document/create-by-text`, {
      json: { ...sample, indexing_technique: "high_quality" },
    });
  }
  return dataset;
}

export async function ask(datasetId: string, question: string): Promise<Found[]> {
  const answer = await request<{ records: Found[] }>(`/v1/datasets/${datasetId}/retrieve`, {
    json: { query: question },
  });
  return answer.records;
}
