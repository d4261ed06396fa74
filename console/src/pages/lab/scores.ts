import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";

const DIGITS = { minimumFractionDigits: 3, maximumFractionDigits: 3 };

/** A score as it is written; a dash for one that there is not. */
export function useScore(): (value: number | null) => string {
  const { i18n } = useTranslation();
  const format = useMemo(() => new Intl.NumberFormat(i18n.language, DIGITS), [i18n.language]);
  return useCallback((value) => (value === null ? "–" : format.format(value)), [format]);
}
