import { Group, Paper, Text, Title } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { shortDay } from "./days";

const HEIGHT = 180;
const LEFT = 48;
const RIGHT = 8;
const TOP = 10;
const BOTTOM = 24;
const PARTS = [0, 0.5, 1];

/** Where things are drawn: the middle of a day, the height of a value, in pixels. */
export interface Plot {
  x: (day: number) => number;
  y: (value: number) => number;
  bottom: number;
  /** Between one day and the next. */
  step: number;
}

interface ChartProps {
  title: string;
  /** The picture in a sentence: for those who do not see it, and under the title. */
  about: string;
  legend: readonly LegendEntry[];
  dates: readonly string[];
  /** The highest value of the scale. */
  top: number;
  tick: (value: number) => string;
  draw: (plot: Plot) => ReactNode;
}

export interface LegendEntry {
  name: string;
  color: string;
  isDashed?: boolean;
}

/** A picture of days; the numbers themselves stand in the table beside it. */
export function Chart({ title, about, legend, dates, top, tick, draw }: ChartProps) {
  const { ref, width } = useElementSize();
  const step = (width - LEFT - RIGHT) / Math.max(1, dates.length);
  const bottom = HEIGHT - BOTTOM;
  const plot: Plot = {
    x: (day) => LEFT + (day + 0.5) * step,
    y: (value) => bottom - (value / top) * (bottom - TOP),
    bottom,
    step,
  };
  return (
    <Paper withBorder p="md" component="figure" m={0}>
      <figcaption>
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h5">
            {title}
          </Title>
          <Legend entries={legend} />
        </Group>
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      </figcaption>
      <div ref={ref}>
        {width > 0 && (
          <svg role="img" aria-label={`${title}. ${about}`} width={width} height={HEIGHT} display="block">
            <Scale plot={plot} top={top} width={width} tick={tick} />
            {draw(plot)}
            <Days plot={plot} dates={dates} />
          </svg>
        )}
      </div>
    </Paper>
  );
}

function Legend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <Group gap="md">
      {entries.map(({ name, color, isDashed }) => (
        <Group key={name} gap={6} wrap="nowrap">
          <svg width={18} height={10} aria-hidden>
            <line
              x1={0}
              x2={18}
              y1={5}
              y2={5}
              stroke={color}
              strokeWidth={isDashed ? 2 : 8}
              strokeDasharray={isDashed ? "4 3" : undefined}
            />
          </svg>
          <Text size="xs">{name}</Text>
        </Group>
      ))}
    </Group>
  );
}

interface ScaleProps {
  plot: Plot;
  top: number;
  width: number;
  tick: (value: number) => string;
}

function Scale({ plot, top, width, tick }: ScaleProps) {
  return PARTS.map((part) => (
    <g key={part}>
      <line
        x1={LEFT}
        x2={width - RIGHT}
        y1={plot.y(part * top)}
        y2={plot.y(part * top)}
        stroke="var(--mantine-color-default-border)"
      />
      <text x={LEFT - 6} y={plot.y(part * top) + 4} textAnchor="end" fontSize={11} fill="var(--mantine-color-dimmed)">
        {tick(part * top)}
      </text>
    </g>
  ));
}

/** The first, the middle and the last one are named: more would run into one another. */
function Days({ plot, dates }: { plot: Plot; dates: readonly string[] }) {
  const { i18n } = useTranslation();
  const last = dates.length - 1;
  const named = [...new Set([0, Math.floor(last / 2), last])];
  const anchor = (at: number) => (at === 0 ? "start" : at === last ? "end" : "middle");
  return named.map((at) => (
    <text
      key={at}
      x={plot.x(at)}
      y={HEIGHT - 6}
      textAnchor={anchor(at)}
      fontSize={11}
      fill="var(--mantine-color-dimmed)"
    >
      {shortDay(dates[at] ?? "", i18n.language)}
    </text>
  ));
}
