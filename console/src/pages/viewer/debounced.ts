import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";

const WAIT_MS = 300;

/** What is typed, and what it has come to once nobody types; `isAtOnce` does not wait. */
export function useDebouncedState(first: string): [string, string, (text: string, isAtOnce?: boolean) => void] {
  const [typed, setTyped] = useState({ text: first, isAtOnce: false });
  const [waited] = useDebouncedValue(typed.text, WAIT_MS);
  const change = (text: string, isAtOnce = false) => setTyped({ text, isAtOnce });
  return [typed.text, typed.isAtOnce ? typed.text : waited, change];
}
