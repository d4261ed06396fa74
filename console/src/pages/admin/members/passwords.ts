// Without those that are mistaken for one another.
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
const LENGTH = 20;
// Bytes from here on are drawn again: they would favour the first letters.
const FAIR = 256 - (256 % LETTERS.length);

/** A password of 20 letters and digits, all equally likely. */
export function drawnPassword(): string {
  let drawn = "";
  while (drawn.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < FAIR && drawn.length < LENGTH) drawn += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return drawn;
}
