import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { chooseLanguage, type Session } from "../api/session";
import { choose, type Language } from "../i18n";

/** The browser keeps the language, and for who is logged in the server keeps it with the member. */
export function useLanguageChoice(): (language: Language) => Promise<void> {
  const queries = useQueryClient();
  const { t } = useTranslation();
  return async (language) => {
    await choose(language);
    const who = queries.getQueryData<Session | "setup" | "login">(["session"]);
    if (typeof who !== "object") return;
    // What was asked for before may still say the other language.
    await queries.cancelQueries({ queryKey: ["session"] });
    try {
      queries.setQueryData(["session"], await chooseLanguage(language));
    } catch (error) {
      const message = error instanceof Error ? error.message : "";
      notifications.show({ color: "red", title: t("failure.title"), message });
    }
  };
}
