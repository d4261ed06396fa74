/** Of words that say what went wrong: they can be read in both schemes. */
export const WRONG = "light-dark(var(--mantine-color-red-9), var(--mantine-color-red-4))";
