import { Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Scores } from "../../api/explain";
import { useScore } from "./scores";
import classes from "./lab.module.css";

/** Every score of a chunk. What orders stands first. */
export function ScoreBars({ scores }: { scores: Scores }) {
  const { t } = useTranslation("lab");
  const score = useScore();
  const rows = [
    { name: "final", value: scores.final },
    { name: "words", value: scores.share },
    { name: "cosine", value: scores.cosine },
    { name: "fused", value: scores.fused },
    ...(scores.rerank === null ? [] : [{ name: "rerank", value: scores.rerank }]),
  ];
  return (
    <dl className={classes.scores} aria-label={t("scores.title")}>
      {rows.map(({ name, value }) => (
        <Tooltip
          key={name}
          label={t(`scores.${name}Hint`, { bm25: score(scores.bm25), best: score(scores.best_bm25) })}
          multiline
          maw={280}
        >
          <div className={classes.score} data-final={name === "final" || undefined}>
            <Text component="dt" size="xs">
              {t(`scores.${name}`)}
            </Text>
            <div className={classes.track} aria-hidden>
              <div className={classes.bar} style={{ width: `${share(value) * 100}%` }} />
            </div>
            <Text component="dd" size="xs" ta="right" m={0} className={classes.number}>
              {score(value)}
            </Text>
          </div>
        </Tooltip>
      ))}
    </dl>
  );
}

const share = (value: number | null) => Math.min(1, Math.max(0, value ?? 0));
