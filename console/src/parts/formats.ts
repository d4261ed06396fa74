import { useMemo } from "react";
import { useTranslation } from "react-i18next";

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
const STEP = 1000;

export interface Formats {
  number: (value: number) => string;
  percent: (share: number) => string;
  bytes: (value: number) => string;
  /** Of milliseconds since 1970. */
  date: (milliseconds: number) => string;
  time: (milliseconds: number) => string;
}

/** Numbers, sizes and times as the chosen language writes them. */
export function useFormats(): Formats {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language), [i18n.language]);
}

export function formatsOf(language: string): Formats {
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });
  const date = new Intl.DateTimeFormat(language, { dateStyle: "medium" });
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  return {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    bytes: (value) => bytes(language, value),
    date: (milliseconds) => date.format(milliseconds),
    time: (milliseconds) => time.format(milliseconds),
  };
}

function bytes(language: string, value: number): string {
  let size = value;
  let unit = 0;
  while (size >= STEP && unit < BYTE_UNITS.length - 1) {
    size /= STEP;
    unit += 1;
  }
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: BYTE_UNITS[unit],
    unitDisplay: "short",
    maximumFractionDigits: size < 10 && unit > 0 ? 1 : 0,
  }).format(size);
}
