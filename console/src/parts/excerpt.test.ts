import { expect, it } from "vitest";

import { excerpt, SHOWN } from "./excerpt";
import { occurrences, type Range } from "./Marked";

const filler = (length: number) => "so it goes on ".repeat(Math.ceil(length / 14)).slice(0, length);

function marks(text: string, ...words: string[]): Range[] {
  return words.flatMap((word) => occurrences(text, word)).sort(([one], [other]) => one - other);
}

const shown = (text: string, ranges: Range[]) => text.slice(...excerpt(text, ranges));

it("begins at the beginning where nothing is marked, or what is marked stands there", () => {
  const text = `chain ${filler(2000)}`;
  expect(excerpt(text, [])).toEqual([0, SHOWN]);
  expect(excerpt(text, marks(text, "chain"))).toEqual([0, SHOWN]);
});

it("shows the part with most of the marked words, not the first mark", () => {
  const text = `chain chain chain ${filler(2000)} oil the chain of the bicycle ${filler(2000)} chain`;
  expect(shown(text, marks(text, "chain", "oil", "bicycle"))).toContain("oil the chain of the bicycle");
});

it("of parts with the same words that with most marks", () => {
  const text = `oil ${filler(1500)} oil oil and oil ${filler(1500)}`;
  expect(shown(text, marks(text, "oil"))).toContain("oil oil and oil");
});

it("what is marked is in sight in a text without spaces too", () => {
  const text = `${"春眠不觉晓".repeat(300)}链条${"处处闻啼鸟".repeat(300)}`;
  expect(shown(text, marks(text, "链条"))).toContain("链条");
});

it("shows as much as it may at the end", () => {
  const text = `${filler(3000)} chain`;
  const [start, end] = excerpt(text, marks(text, "chain"));
  expect(end).toBe(text.length);
  expect(end - start).toBeGreaterThan(SHOWN - 40);
});

it("cuts no character in two", () => {
  const text = `x${"😀".repeat(2000)}chain${"😀".repeat(1000)}`;
  const part = shown(text, marks(text, "chain"));
  expect(part).toContain("chain");
  expect(() => encodeURIComponent(part)).not.toThrow();
});

it("looks at many marks quickly", () => {
  const text = "oil ".repeat(50_000);
  const before = performance.now();
  excerpt(text, marks(text, "oil"));
  expect(performance.now() - before).toBeLessThan(1000);
});
