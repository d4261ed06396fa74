import type { Range } from "./Marked";

/** Of a long text so many characters are shown at first, of which so many stand before the first mark in it. */
export const SHOWN = 700;
const BEFORE = 200;
// A word is not cut where its beginning is near; Chinese has no spaces.
const NEAR = 30;

/** From which character to before which: the part in which most of the marked words stand, or else most marks. */
export function excerpt(text: string, ranges: readonly Range[]): [number, number] {
  const best = ranges[bestFirst(text, ranges)];
  const last = Math.max(0, text.length - SHOWN);
  const from = best && best[0] > SHOWN - BEFORE ? Math.min(last, best[0] - BEFORE) : 0;
  const start = from === 0 ? 0 : atWord(text, from);
  return [start, atCharacter(text, Math.min(text.length, start + SHOWN))];
}

/** Which mark the part begins with, so that it holds most; the first of several, 0 without any. */
function bestFirst(text: string, ranges: readonly Range[]): number {
  const counts = new Map<string, number>();
  const wordOf = ([start, end]: Range) => text.slice(start, end).toLowerCase();
  let [best, most, end] = [0, 0, 0];
  ranges.forEach((range, first) => {
    for (let next = ranges[end]; next && next[0] < range[0] + SHOWN - BEFORE; next = ranges[++end])
      counts.set(wordOf(next), (counts.get(wordOf(next)) ?? 0) + 1);
    // Another word counts for more than any number of the same.
    const worth = counts.size * (ranges.length + 1) + (end - first);
    if (worth > most) [best, most] = [first, worth];
    const word = wordOf(range);
    const left = (counts.get(word) ?? 1) - 1;
    if (left > 0) counts.set(word, left);
    else counts.delete(word);
  });
  return best;
}

function atWord(text: string, from: number): number {
  const space = text.slice(from, from + NEAR).search(/\s/);
  return space >= 0 ? from + space + 1 : atCharacter(text, from);
}

/** Not between the two halves of a rare character. */
function atCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
