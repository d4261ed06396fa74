const BEGINNING = 80;

/** Enough of a text to tell which one it is. */
export const beginning = (text: string) => (text.length > BEGINNING ? `${text.slice(0, BEGINNING)}…` : text);
