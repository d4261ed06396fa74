import { useTranslation } from "react-i18next";

import type { Usage } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { Chart, type Plot } from "./Chart";
import { roundAbove, runs } from "./scale";
import { useMilliseconds } from "./useMilliseconds";

const MEDIAN = "var(--mantine-color-cyan-6)";
const SLOW = "var(--mantine-color-grape-5)";
const DASHES = "5 4";

export function TimesChart({ usage: { days, totals } }: { usage: Usage }) {
  const { t } = useTranslation("logs");
  const { number } = useFormats();
  const ms = useMilliseconds();
  const most = Math.max(...days.map((day) => day.p95_ms ?? 0));
  return (
    <Chart
      title={t("usage.times")}
      about={t("usage.timesAbout", { p50: ms(totals.p50_ms), p95: ms(totals.p95_ms) })}
      legend={[
        { name: t("usage.p50"), color: MEDIAN },
        { name: t("usage.p95"), color: SLOW, isDashed: true },
      ]}
      dates={days.map((day) => day.date)}
      top={Math.max(2, roundAbove(most))}
      tick={number}
      draw={(plot) => (
        <>
          <Line values={days.map((day) => day.p95_ms)} plot={plot} color={SLOW} isDashed />
          <Line values={days.map((day) => day.p50_ms)} plot={plot} color={MEDIAN} />
        </>
      )}
    />
  );
}

interface LineProps {
  values: (number | null)[];
  plot: Plot;
  color: string;
  isDashed?: boolean;
}

/** Broken where there is nothing to tell. */
function Line({ values, plot, color, isDashed }: LineProps) {
  return runs(values).map((run) => {
    const points = run.map(({ at, value }) => `${plot.x(at)},${plot.y(value)}`);
    return (
      <g key={points[0]}>
        <polyline
          points={points.join(" ")}
          fill="none"
          stroke={color}
          strokeWidth={2}
          strokeDasharray={isDashed ? DASHES : undefined}
        />
        {run.length === 1 && <Dot point={run[0]} plot={plot} color={color} />}
      </g>
    );
  });
}

interface DotProps {
  point: { at: number; value: number } | undefined;
  plot: Plot;
  color: string;
}

/** A day between days without questions: a line of one point would not be seen. */
function Dot({ point, plot, color }: DotProps) {
  return point && <circle cx={plot.x(point.at)} cy={plot.y(point.value)} r={3} fill={color} />;
}
