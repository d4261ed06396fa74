import { Anchor, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Marked, within, type Range } from "./Marked";
import { useFormats } from "./formats";

const SHOWN = 700;
const BEFORE = 200;

/** A text as it is written; of a long one the beginning or where the first mark is, the rest when it is asked for. */
export function LongText({ text, ranges = [], size = "sm" }: { text: string; ranges?: Range[]; size?: "xs" | "sm" }) {
  const [isWhole, setWhole] = useState(false);
  const { t } = useTranslation();
  const { number } = useFormats();
  const isLong = text.length > SHOWN * 1.25;
  const [start, end] = isWhole || !isLong ? [0, text.length] : excerpt(text, ranges);
  return (
    <>
      <Text size={size} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {start > 0 && "… "}
        <Marked text={text.slice(start, end)} ranges={within(ranges, start, end)} />
        {end < text.length && " …"}
      </Text>
      {isLong && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          w="fit-content"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isWhole ? t("text.less") : t("text.all", { number: number(text.length) })}
        </Anchor>
      )}
    </>
  );
}

/** What is shown of a long text. */
function excerpt(text: string, [first]: Range[]): [number, number] {
  const isEarly = first === undefined || first[0] < SHOWN - BEFORE;
  const start = isEarly ? 0 : text.indexOf(" ", first[0] - BEFORE) + 1;
  return [start, Math.min(text.length, start + SHOWN)];
}
