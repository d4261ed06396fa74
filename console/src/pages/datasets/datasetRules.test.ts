import { describe, expect, it } from "vitest";

import type { DatasetRules } from "../../api/rules";
import { FIRST_RULES } from "../documents/wizardRules";
import { meant, sentRules, shownRules, written } from "./datasetRules";

const RULES: DatasetRules["rules"] = {
  mode: "automatic",
  method: "general",
  separator: "\n\n",
  max_tokens: 500,
  overlap: 50,
  cleaning: { remove_extra_spaces: true, remove_urls_emails: false },
  options: { chunk_tokens: 512, delimiter: "\n", overlap_percent: 0 },
  children: null,
};
const AUTOMATIC: DatasetRules = { kind: "automatic", is_chosen: false, rules: RULES, form: null };
const CHILDREN = { parent_mode: "paragraph", separators: ["。", "；"], max_tokens: 60, overlap: 5 };
const PARTED: DatasetRules = {
  kind: "hierarchical",
  is_chosen: true,
  rules: { ...RULES, mode: "hierarchical", separator: "\t", overlap: 30, children: CHILDREN },
  form: "hierarchical",
};
const LAWS: DatasetRules = {
  kind: "method",
  is_chosen: true,
  rules: { ...RULES, method: "laws", options: { chunk_tokens: 99, delimiter: "。", overlap_percent: 10 } },
  form: null,
};

describe("separators", () => {
  it.each(["\n\n", "\t", "\\n", "\\", "###", "\r\n。"])("%j", (separator) => {
    expect(meant(written(separator))).toBe(separator);
  });
});

it("automatic rules are shown as automatic, and sent so", () => {
  expect(shownRules(AUTOMATIC)).toEqual(FIRST_RULES);
  expect(sentRules(shownRules(AUTOMATIC), AUTOMATIC)).toEqual({ rules: {} });
});

it("a method is shown with its size, and its other options are left to what is there", () => {
  expect(shownRules(LAWS)).toMatchObject({ kind: "method", method: "laws", methodTokens: 99 });
  expect(sentRules(shownRules(LAWS), LAWS)).toEqual({ chunk_method: "laws", parser_config: { chunk_token_num: 99 } });
});

it("what the form does not show goes back as it came", () => {
  expect(sentRules(shownRules(PARTED), PARTED)).toEqual({ rules: PARTED.rules, form: "hierarchical" });
});

it("another separator of children takes the place of all", () => {
  const sent = sentRules({ ...shownRules(PARTED), childSeparator: "\\n" }, PARTED);
  expect(sent).toMatchObject({ rules: { children: { ...CHILDREN, separators: ["\n"] } } });
});

it("another kind begins anew", () => {
  const sent = sentRules({ ...shownRules(PARTED), kind: "custom" }, PARTED);
  expect(sent).toMatchObject({ rules: { mode: "custom", separator: "\t" }, form: "text" });
  expect(sent).not.toHaveProperty("rules.children");
});
