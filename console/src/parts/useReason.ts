import { useTranslation } from "react-i18next";

import type { Failed } from "../api/reasons";

/** Why something failed, in the chosen language; a sentence that the console does not know as the server says it. */
export function useReason(): (failed: Failed) => string {
  const { t } = useTranslation("reasons");
  return ({ error, error_code: code, error_facts: facts }) =>
    code === null ? (error ?? "") : t(code, { replace: facts ?? {}, defaultValue: error ?? "" });
}
