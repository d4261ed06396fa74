import { Anchor, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { excerpt, SHOWN } from "./excerpt";
import { Marked, within, type Range } from "./Marked";
import { useFormats } from "./formats";

interface LongTextProps {
  text: string;
  ranges?: Range[];
  size?: "xs" | "sm";
  /** Whose text it is, for those who hear of the button alone. */
  name?: string;
}

/** A text as it is written; of a long one the part with most of what is marked, the rest when it is asked for. */
export function LongText({ text, ranges = [], size = "sm", name }: LongTextProps) {
  const [isWhole, setWhole] = useState(false);
  const { t } = useTranslation();
  const { number } = useFormats();
  const isLong = text.length > SHOWN * 1.25;
  const [start, end] = isWhole || !isLong ? [0, text.length] : excerpt(text, ranges);
  const deed = isWhole ? t("text.less") : t("text.all", { number: number(text.length) });
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
          aria-label={name && t("text.of", { deed, name })}
          onClick={() => setWhole(!isWhole)}
        >
          {deed}
        </Anchor>
      )}
    </>
  );
}
