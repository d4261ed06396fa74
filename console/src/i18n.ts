import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

/** One file for each part of the console, such as `locales/zh/datasets.json`; only the languages that are read are fetched. */
const TEXTS: Record<Language, () => Promise<{ default: Record<string, object> }>> = {
  en: () => import("./locales/en"),
  zh: () => import("./locales/zh"),
};
const KEPT_AS = "diglot-language";
const ASKED = new URLSearchParams(location.search).get("lang");

function isLanguage(text: string | null | undefined): text is Language {
  return typeof text === "string" && text in LANGUAGES;
}

/** What the address says, else what was chosen before, else what the browser prefers. */
function first(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (isLanguage(ASKED)) return ASKED;
  if (isLanguage(kept)) return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export async function choose(language: Language): Promise<void> {
  localStorage.setItem(KEPT_AS, language);
  await fetchTexts(language);
  await i18next.changeLanguage(language);
}

/** Goes over to the language that a member has chosen, unless the address asks for another. */
export async function followMember(language: string | null | undefined): Promise<void> {
  if (isLanguage(ASKED) || !isLanguage(language) || language === i18next.language) return;
  await choose(language);
}

async function fetchTexts(language: Language): Promise<void> {
  const { default: files } = await TEXTS[language]();
  for (const [path, texts] of Object.entries(files))
    i18next.addResourceBundle(language, path.slice("./".length, -".json".length), texts);
}

export async function startI18n(): Promise<void> {
  const language = first();
  i18next.on("languageChanged", (chosen) => {
    document.documentElement.lang = chosen;
  });
  await i18next.use(initReactI18next).init({
    resources: {},
    lng: language,
    // Each language has every text.
    fallbackLng: false,
    defaultNS: "common",
    interpolation: { escapeValue: false },
  });
  await fetchTexts(language);
}
