import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** One file for each part of the console and each language, such as `locales/zh/datasets.json`. */
const files = import.meta.glob<Record<string, unknown>>("./locales/*/*.json", { eager: true, import: "default" });

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;
const KEPT_AS = "diglot-language";

function resources(): Record<string, Record<string, Record<string, unknown>>> {
  const found: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const [path, content] of Object.entries(files)) {
    const [language, file] = path.split("/").slice(-2);
    if (language && file) (found[language] ??= {})[file.replace(".json", "")] = content;
  }
  return found;
}

function isLanguage(text: string | null): text is Language {
  return text !== null && text in LANGUAGES;
}

/** What the address says, else what was chosen before, else what the browser prefers. */
function first(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = localStorage.getItem(KEPT_AS);
  if (isLanguage(asked)) return asked;
  if (isLanguage(kept)) return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function choose(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  void i18next.changeLanguage(language);
}

export async function startI18n(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(initReactI18next).init({
    resources: resources() as never,
    lng: first(),
    fallbackLng: "en",
    defaultNS: "common",
    interpolation: { escapeValue: false },
  });
}
