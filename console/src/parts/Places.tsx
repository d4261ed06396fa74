import { useTranslation } from "react-i18next";

import type { Place } from "../api/chunks";
import { playingTimes } from "./playingTime";

/** What all anchors of a chunk come to, each thing once. */
export interface Spots {
  pages: number[];
  headings: string[];
  others: { kind: "slide" | "sheet" | "part" | "time"; text: string }[];
}

export function spotsOf(anchors: Place[]): Spots {
  const slides = anchors.flatMap(({ slide }) => (slide === undefined ? [] : [String(slide)]));
  const ranges = anchors.flatMap(({ sheet, cells }) => (sheet && cells ? [{ sheet, text: `${sheet} ${cells}` }] : []));
  // A sheet's title stands nowhere in its cells; its table says more.
  const titles = anchors.flatMap(({ sheet }) => (sheet && !ranges.some((one) => one.sheet === sheet) ? [sheet] : []));
  const sheets = [...ranges.map(({ text }) => text), ...titles];
  const parts = anchors.flatMap(({ part }) => (part ? [part] : []));
  const times = playingTimes(anchors);
  return {
    pages: once(anchors.flatMap(pagesOf)),
    headings: anchors.find(({ headings }) => headings?.length)?.headings ?? [],
    others: [
      ...once(slides).map((text) => ({ kind: "slide" as const, text })),
      ...once(sheets).map((text) => ({ kind: "sheet" as const, text })),
      ...once(parts).map((text) => ({ kind: "part" as const, text })),
      ...(times ? [{ kind: "time" as const, text: times }] : []),
    ],
  };
}

const pagesOf = ({ page, boxes }: Place): number[] => {
  const ofBoxes = (boxes ?? []).flatMap(([first]) => (first === undefined ? [] : [first]));
  return ofBoxes.length > 0 ? ofBoxes : page === undefined ? [] : [page];
};

const once = <T,>(values: T[]): T[] => [...new Set(values)];

/** The place in a line of words, such as "page 3 · Power › Battery". */
export function usePlaceWords(): (anchors: Place[]) => string {
  const { t } = useTranslation("viewer");
  return (anchors) => {
    const { pages, headings, others } = spotsOf(anchors);
    const words = [
      ...(pages.length > 0 ? [t("place.pages", { count: pages.length, pages: pages.join(", ") })] : []),
      ...others.map(({ kind, text }) => t(`place.${kind}`, { text })),
      ...(headings.length > 0 ? [headings.join(" › ")] : []),
    ];
    return words.join(" · ");
  };
}
