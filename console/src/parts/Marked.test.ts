import { expect, it } from "vitest";

import { inUnits, occurrences, within } from "./Marked";

it("finds a word in either case", () => {
  expect(occurrences("Lamp, lamp, LAMP", "lamp")).toEqual([
    [0, 4],
    [6, 10],
    [12, 16],
  ]);
  expect(occurrences("Lamp", " ")).toEqual([]);
});

it("keeps of stretches what lies in a piece", () => {
  const ranges: [number, number][] = [
    [0, 3],
    [8, 12],
    [20, 22],
  ];
  expect(within(ranges, 2, 10)).toEqual([
    [0, 1],
    [6, 8],
  ]);
});

it("counts characters as the server does", () => {
  const text = "𠮷野家の𠮷";
  const [range] = inUnits(text, [[4, 5]]);
  expect(text.slice(...(range ?? [0, 0]))).toBe("𠮷");
});
