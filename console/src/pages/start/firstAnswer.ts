import { request } from "../../api/client";
import { createDataset, type Dataset } from "../../api/datasets";
import { addUploads } from "../../api/upload";

export const QUESTION_LENGTH = 250;

export interface Text {
  name: string;
  text: string;
}

export interface Material {
  name: string;
  files: File[];
  sample: Text[];
}

export interface Found {
  segment: { id: string; content: string; answer: string | null; document: { id: string; name: string } };
  score: number;
}

/** Each paragraph is a document of its own, called like its first line, so that an answer is one paragraph. */
export function textsOf(paragraphs: string): Text[] {
  return paragraphs.split("\n\n").map((text) => ({ name: `${text.split("\n")[0]}.txt`, text }));
}

/** A dataset with the first documents on their way. */
export async function begin({ name, files, sample }: Material): Promise<Dataset> {
  const dataset = await createDataset({ name, indexing_technique: "high_quality" });
  addUploads(dataset.id, files, { kind: "dataset" }, "high_quality");
  for (const text of sample) {
    await request(`/v1/datasets/${dataset.id}/document/create-by-text`, {
      json: { ...text, indexing_technique: "high_quality" },
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
