import { describe, expect, it } from "vitest";

import { told, type DocumentRow } from "./documents";

const ROW: DocumentRow = {
  id: "0192f0c4-791c-7e4f-a0b1-c2d3e4f5a6b7",
  name: "manual.pdf",
  size: 10,
  words: 0,
  tokens: 0,
  chunks: 0,
  addedAt: 0,
  stage: "waiting",
  progress: 0,
  failed: null,
  isEnabled: true,
  isArchived: false,
};
const EVENT = {
  id: "0192f0c4791c7e4fa0b1c2d3e4f5a6b7",
  dataset_id: "d",
  name: "manual.pdf",
  status: "ready",
  phase: "done",
  progress: 1,
  error: null,
  error_code: null,
  error_facts: null,
  chunk_count: 12,
  updated_at: 1,
};

describe("a row after an event", () => {
  it.each([
    [{ status: "embedding", phase: "running", progress: 0.5 }, {}, "embedding"],
    [{}, {}, "available"],
    [{}, { isEnabled: false }, "disabled"],
    [{}, { isEnabled: false, isArchived: true }, "archived"],
    [{ status: "failed", phase: "failed" }, {}, "failed"],
    [{ status: "cancelled", phase: "cancelled" }, {}, "cancelled"],
    [{ status: "waiting", phase: "unstarted" }, {}, "unstarted"],
  ] as const)("%o on %o is %s", (event, row, stage) => {
    expect(told({ ...ROW, ...row }, { ...EVENT, ...event }).stage).toBe(stage);
  });

  it("keeps what the event does not tell", () => {
    expect(told({ ...ROW, words: 5 }, EVENT)).toMatchObject({ words: 5, chunks: 12, progress: 1, id: ROW.id });
  });
});
