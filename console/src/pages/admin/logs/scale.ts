const STEPS = [1, 2, 5, 10];

/** The least number not below `value` that is 1, 2 or 5 times a power of ten: the top of a scale. */
export function roundAbove(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return power * (STEPS.find((step) => step * power >= value) ?? 10);
}

/** Runs of neighbours that have a value, each with its place in the list. */
export function runs(values: readonly (number | null)[]): { at: number; value: number }[][] {
  const found: { at: number; value: number }[][] = [];
  let isOpen = false;
  values.forEach((value, at) => {
    if (value !== null && isOpen) found.at(-1)?.push({ at, value });
    else if (value !== null) found.push([{ at, value }]);
    isOpen = value !== null;
  });
  return found;
}
