import { Anchor, Group } from "@mantine/core";
import type { MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";

import { choose, LANGUAGES, type Language } from "../../../i18n";

/** The same page in the other languages, each by an address of its own. */
export function LanguageLinks() {
  const { t, i18n } = useTranslation("docs");
  const { pathname, hash } = useLocation();
  const navigate = useNavigate();
  const go = (event: MouseEvent, language: Language) => {
    event.preventDefault();
    choose(language);
    void navigate({ pathname, search: `?lang=${language}`, hash }, { replace: true, preventScrollReset: true });
  };
  return (
    <Group component="nav" gap={8} wrap="nowrap" aria-label={t("menu.language")}>
      {Object.entries(LANGUAGES)
        .filter(([language]) => language !== i18n.language)
        .map(([language, name]) => (
          <Anchor
            key={language}
            href={`/docs${pathname}?lang=${language}${hash}`}
            lang={language}
            hrefLang={language}
            size="sm"
            onClick={(event) => go(event, language as Language)}
          >
            {name}
          </Anchor>
        ))}
    </Group>
  );
}
