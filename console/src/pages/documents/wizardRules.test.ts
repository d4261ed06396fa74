import { describe, expect, it } from "vitest";

import { FIRST_RULES, isOpen, KINDS, previewRules, uploadRules } from "./wizardRules";

describe("what a dataset's form leaves open", () => {
  it.each([
    [null, ["automatic", "custom", "hierarchical", "method"]],
    ["text_model", ["automatic", "custom", "method"]],
    ["hierarchical_model", ["automatic", "hierarchical", "method"]],
    ["qa_model", ["automatic", "method"]],
  ] as const)("%s", (form, open) => {
    expect(KINDS.filter((kind) => isOpen(kind, form))).toEqual(open);
  });
});

it("automatic rules take the form that the dataset has", () => {
  const rules = uploadRules(FIRST_RULES, "qa_model");
  expect(rules).toEqual({ kind: "process_rule", process_rule: { mode: "automatic" }, doc_form: "qa_model" });
});

it("rules for children say how parents and children are cut", () => {
  const rules = uploadRules({ ...FIRST_RULES, kind: "hierarchical", parentMode: "full-doc" }, null);
  expect(rules).toMatchObject({
    doc_form: "hierarchical_model",
    process_rule: {
      mode: "hierarchical",
      rules: { parent_mode: "full-doc", subchunk_segmentation: { separator: "\\n", max_tokens: 200 } },
    },
  });
});

it("a preview is asked for by the rules that the upload sends", () => {
  const custom = uploadRules({ ...FIRST_RULES, kind: "custom", overlap: 7 }, "text_model");
  if (custom.kind !== "process_rule") throw new Error("custom rules are Dify's");
  expect(previewRules(custom)).toEqual({ process_rule: custom.process_rule, doc_form: "text_model" });
  expect(custom.process_rule.rules?.segmentation.chunk_overlap).toBe(7);
});

it("a method without a size is told none", () => {
  expect(previewRules(uploadRules({ ...FIRST_RULES, kind: "method", method: "qa" }, null))).toEqual({
    chunk_method: "qa",
    parser_config: {},
  });
});
