/** RAGFlow's chunk methods that make chunks here, in the order in which one looks for them. */
export const METHODS = [
  "naive",
  "qa",
  "table",
  "manual",
  "book",
  "laws",
  "paper",
  "presentation",
  "email",
  "one",
  "tag",
] as const;

export const USUAL_TOKENS = 512;
export const LEAST_TOKENS = 16;
export const MOST_TOKENS = 2048;

/** Those that cut at a size that can be chosen. */
const SIZED: ReadonlySet<string> = new Set(["naive", "laws", "paper", "email"]);

export const isSized = (method: string) => SIZED.has(method);
