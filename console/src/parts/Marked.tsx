import { Fragment } from "react";

import classes from "./Marked.module.css";

/** From which character to before which, in order, without overlaps. */
export type Range = readonly [number, number];

/** A text in which some stretches stand out; it is made of pieces of text alone. */
export function Marked({ text, ranges }: { text: string; ranges: readonly Range[] }) {
  return pieces(text, ranges).map(({ piece, isMarked, at }) =>
    isMarked ? (
      <mark key={at} className={classes.mark}>
        {piece}
      </mark>
    ) : (
      <Fragment key={at}>{piece}</Fragment>
    ),
  );
}

function pieces(text: string, ranges: readonly Range[]) {
  const found = [];
  let done = 0;
  for (const [start, end] of ranges) {
    if (start >= text.length || start < done) continue;
    found.push({ piece: text.slice(done, start), isMarked: false, at: done - 0.5 });
    found.push({ piece: text.slice(start, end), isMarked: true, at: start });
    done = end;
  }
  found.push({ piece: text.slice(done), isMarked: false, at: done - 0.5 });
  return found.filter(({ piece }) => piece !== "");
}

/** The same stretches of a piece of the text. */
export function within(ranges: readonly Range[], start: number, end: number): Range[] {
  return ranges
    .filter(([from, to]) => to > start && from < end)
    .map(([from, to]) => [Math.max(from, start) - start, Math.min(to, end) - start]);
}

/** Where a word stands in a text, in either case. */
export function occurrences(text: string, word: string): Range[] {
  if (word.trim() === "") return [];
  const found: Range[] = [];
  const [low, wanted] = [text.toLowerCase(), word.toLowerCase()];
  // A letter whose small form is longer would shift every place behind it.
  if (low.length !== text.length) return [];
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + wanted.length))
    found.push([at, at + wanted.length]);
  return found;
}

/** The server counts characters, the browser's texts count half of a rare one twice. */
export function inUnits(text: string, ranges: readonly Range[]): Range[] {
  if (!/[\ud800-\udbff]/.test(text)) return [...ranges];
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  return ranges.map(([start, end]) => [starts[start] ?? at, starts[end] ?? at]);
}
