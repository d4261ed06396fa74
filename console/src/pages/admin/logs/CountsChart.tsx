import { useTranslation } from "react-i18next";

import type { Usage, UsageDay } from "../../../api/logs";
import { useFormats } from "../../../parts/formats";
import { Chart, type Plot } from "./Chart";
import { roundAbove } from "./scale";

const FOUND = "var(--mantine-color-cyan-6)";
const ZERO = "var(--mantine-color-orange-6)";
const FILLED = 0.7;
const WIDEST = 28;

export function CountsChart({ usage: { days, totals } }: { usage: Usage }) {
  const { t } = useTranslation("logs");
  const { number } = useFormats();
  const most = Math.max(...days.map((day) => day.queries));
  return (
    <Chart
      title={t("usage.counts")}
      about={t("usage.countsAbout", {
        queries: number(totals.queries),
        zero: number(totals.zero_hits),
        most: number(most),
      })}
      legend={[
        { name: t("usage.found"), color: FOUND },
        { name: t("usage.zero"), color: ZERO },
      ]}
      dates={days.map((day) => day.date)}
      top={Math.max(2, roundAbove(most))}
      tick={number}
      draw={(plot) => days.map((day, at) => <Bar key={day.date} day={day} at={at} plot={plot} />)}
    />
  );
}

/** What found nothing stands at the bottom, so that it can be compared from day to day. */
function Bar({ day, at, plot }: { day: UsageDay; at: number; plot: Plot }) {
  const width = Math.min(WIDEST, plot.step * FILLED);
  const left = plot.x(at) - width / 2;
  const [top, border] = [plot.y(day.queries), plot.y(day.zero_hits)];
  return (
    <g>
      <title>{`${day.date}: ${day.queries} / ${day.zero_hits}`}</title>
      <rect x={left} width={width} y={top} height={border - top} fill={FOUND} />
      <rect x={left} width={width} y={border} height={plot.bottom - border} fill={ZERO} />
    </g>
  );
}
