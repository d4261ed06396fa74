import type { Door } from "../../../api/system";

export type DoorName = Door | "external";

/** One address that programs are given. `answers`: which API it belongs to. */
export interface DoorSample {
  name: DoorName;
  answers: Door;
  base: string;
  sample: string;
  docs: string;
}

const BEARER = '-H "Authorization: Bearer $DIGLOT_KEY"';

/** `origin`: where the browser reached the server, which a proxy's name may stand before. */
export function doorsAt(origin: string): DoorSample[] {
  return [
    {
      name: "dify",
      answers: "dify",
      base: `${origin}/v1`,
      sample: `curl ${BEARER} \\\n  ${origin}/v1/datasets`,
      docs: "/docs/dify",
    },
    {
      name: "ragflow",
      answers: "ragflow",
      base: origin,
      sample: `rag = ragflow_sdk.RAGFlow(os.environ["DIGLOT_KEY"], "${origin}")\nprint(rag.list_datasets())`,
      docs: "/docs/ragflow",
    },
    {
      name: "external",
      answers: "ragflow",
      base: `${origin}/api/v1/dify`,
      sample: `curl ${BEARER} \\\n  ${origin}/api/v1/dify/retrieval --json '{"knowledge_id": "ID", "query": "…"}'`,
      docs: "/docs/ragflow",
    },
    {
      name: "diglot",
      answers: "diglot",
      base: `${origin}/diglot/v1`,
      sample: `curl ${BEARER} \\\n  ${origin}/diglot/v1/server`,
      docs: "/docs/diglot",
    },
    {
      name: "data",
      answers: "data",
      base: `${origin}/v1`,
      sample: `curl ${BEARER} \\\n  ${origin}/v1/data`,
      docs: "/docs/data",
    },
  ];
}
