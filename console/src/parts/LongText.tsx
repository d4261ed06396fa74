import { Anchor, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Marked, type Range } from "./Marked";
import { useFormats } from "./formats";

const SHOWN = 1200;

/** A text as it is written; of a long one the beginning, the rest when it is asked for. */
export function LongText({ text, ranges = [], size = "sm" }: { text: string; ranges?: Range[]; size?: "xs" | "sm" }) {
  const [isWhole, setWhole] = useState(false);
  const { t } = useTranslation();
  const { number } = useFormats();
  const isLong = text.length > SHOWN * 1.25;
  const shown = isWhole || !isLong ? text : text.slice(0, SHOWN);
  return (
    <>
      <Text size={size} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        <Marked text={shown} ranges={ranges} />
        {shown.length < text.length && "…"}
      </Text>
      {isLong && (
        <Anchor component="button" type="button" size="xs" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? t("text.less") : t("text.all", { count: text.length, number: number(text.length) })}
        </Anchor>
      )}
    </>
  );
}
