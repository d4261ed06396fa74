import { useTranslation } from "react-i18next";

import { useFormats } from "../../../parts/formats";

/** How a time is written; a dash where nothing was measured. */
export function useMilliseconds(): (value: number | null) => string {
  const { t } = useTranslation("logs");
  const { number } = useFormats();
  return (value) => (value === null ? t("usage.none") : t("queries.ms", { ms: number(value) }));
}
