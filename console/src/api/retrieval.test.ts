import { describe, expect, it } from "vitest";

import { curlOf, DEFAULTS, difyBody, explainBody, fromAddress, ragflowBody, toAddress, type Asked } from "./retrieval";

const DATASET = "0192f0c4-791c-7e4f-a0b1-c2d3e4f5a6b7";
const ASKED: Asked = {
  question: "What's the battery's life?",
  method: "hybrid",
  topK: 7,
  threshold: 0.25,
  weight: 0.6,
  reranker: "small",
  filters: {
    logic: "or",
    items: [
      { name: "year", operator: "at_least", values: [2020] },
      { name: "", attribute: "name", operator: "contains", values: ["manual"] },
    ],
  },
};

describe("an address", () => {
  it("gives back what was asked", () => {
    expect(fromAddress(toAddress(ASKED))).toEqual(ASKED);
  });
  it("keeps nothing that is as usual", () => {
    expect(toAddress({ ...DEFAULTS, question: "a" }).toString()).toBe("q=a");
  });
  it("that makes no sense asks as usual", () => {
    expect(fromAddress(new URLSearchParams("method=magic&k=many&t=x&filter={"))).toEqual(DEFAULTS);
  });
});

describe("bodies", () => {
  it("name the document's own fields as Dify does", () => {
    const conditions = difyBody(ASKED).retrieval_model.metadata_filtering_conditions;
    expect(conditions).toEqual({
      logical_operator: "or",
      conditions: [
        { name: "year", comparison_operator: "≥", value: 2020 },
        { name: "document_name", comparison_operator: "contains", value: "manual" },
      ],
    });
  });
  it("leave to RAGFlow what it knows", () => {
    expect(ragflowBody(DATASET, ASKED)).toMatchObject({
      dataset_ids: ["0192f0c4791c7e4fa0b1c2d3e4f5a6b7"],
      vector_similarity_weight: 0.6,
      metadata_condition: { logic: "or", conditions: [{ name: "year" }] },
    });
  });
  it("say no weight where the method knows it", () => {
    expect(explainBody(DATASET, { ...ASKED, method: "semantic" })).not.toHaveProperty("vector_weight");
    expect(ragflowBody(DATASET, { ...ASKED, method: "full_text" })).toMatchObject({ vector_similarity_weight: 0 });
  });
  it("leave out filters without a value", () => {
    const filters = { logic: "and" as const, items: [{ name: "year", operator: "is" as const, values: [] }] };
    expect(explainBody(DATASET, { ...ASKED, filters })).not.toHaveProperty("conditions");
  });
});

it("a shell takes the question as it is", () => {
  expect(curlOf("explain", "http://here", DATASET, ASKED)).toContain(`What'\\''s the battery'\\''s life?`);
});
