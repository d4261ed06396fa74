const SECOND = 1000;

/** Where a recording is at, such as 1:02:05. */
function playingTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / SECOND);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return [hours, pad(minutes), pad(seconds % 60)].join(":");
}

/** From when to when all of these are said; empty if they are of no recording. */
export function playingTimes(anchors: { start_ms?: number | null; end_ms?: number | null }[]): string {
  const starts = anchors.flatMap(({ start_ms }) => start_ms ?? []);
  const ends = anchors.flatMap(({ end_ms }) => end_ms ?? []);
  if (starts.length === 0 || ends.length === 0) return "";
  return `${playingTime(Math.min(...starts))}–${playingTime(Math.max(...ends))}`;
}

const pad = (number: number): string => String(number).padStart(2, "0");
