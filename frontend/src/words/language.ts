import { i18n } from "@lingui/core";
import { LANGUAGE_KEY } from "./language-script";
import { LANGUAGES, type Language } from "./languages";
import { loadWords } from "./loadWords";

/** Fetched when somebody reads the page in that language. */
const CATALOGUES: Readonly<Record<Exclude<Language, "en">, () => Promise<{ default: object }>>> = {
  de: () => import("./compiled/de.json"),
  es: () => import("./compiled/es.json"),
};

const isLanguage = (text: string | undefined): text is Language => text !== undefined && text in LANGUAGES;

/** What was chosen on the page, else the first of the browser's languages that the page speaks. */
export function wantedLanguage(): Language {
  const wanted = document.documentElement.lang;
  return isLanguage(wanted) ? wanted : "en";
}

let asked = 0;

/**
 * Shows the page in a language, once its words are here.
 *
 * Where they do not come the page stays as it is, and the promise is rejected.
 */
export async function showIn(language: Language): Promise<void> {
  asked += 1;
  const mine = asked;
  if (language !== "en") loadWords(language, (await CATALOGUES[language]()).default);
  // Another one may have been chosen meanwhile.
  if (mine !== asked) return;
  document.documentElement.lang = language;
  i18n.activate(language);
}

/** The same for good: the next page is shown in it, too. */
export async function chooseLanguage(language: Language): Promise<void> {
  await showIn(language);
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // Private windows may have no storage; the choice then lasts as long as the page.
  }
}
