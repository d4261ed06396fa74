export const LEAST_LENGTH = 10;
const COMFORTABLE_LENGTH = 14;
const LONG_LENGTH = 18;
const KINDS = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];
const MANY_KINDS = 3;
const FEW_CHARACTERS = 5;

export const STRENGTHS = ["short", "weak", "fair", "strong"] as const;
export type Strength = (typeof STRENGTHS)[number];

/** A hint, no judgement: length counts most, then how many kinds of characters there are. */
export function strengthOf(password: string): Strength {
  const length = [...password].length;
  if (length < LEAST_LENGTH) return "short";
  if (new Set(password).size <= FEW_CHARACTERS) return "weak";
  const kinds = KINDS.filter((kind) => kind.test(password)).length;
  if (length >= LONG_LENGTH || (length >= COMFORTABLE_LENGTH && kinds >= MANY_KINDS)) return "strong";
  return length >= COMFORTABLE_LENGTH || kinds >= MANY_KINDS ? "fair" : "weak";
}
