import { useState } from "react";

export interface Cursors {
  current: string | null;
  isFirst: boolean;
  onward: (next: string) => void;
  back: () => void;
  start: () => void;
}

/** The way through a list that only knows the way onward. `asked` names what is listed: of something else, one begins
 * at the first page. */
export function useCursors(asked = ""): Cursors {
  const [way, setWay] = useState<{ asked: string; taken: string[] }>({ asked, taken: [] });
  const taken = way.asked === asked ? way.taken : [];
  const go = (next: string[]) => setWay({ asked, taken: next });
  return {
    current: taken.at(-1) ?? null,
    isFirst: taken.length === 0,
    onward: (next) => go([...taken, next]),
    back: () => go(taken.slice(0, -1)),
    start: () => go([]),
  };
}
