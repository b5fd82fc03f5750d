"use client";

import { say } from "@/words";
import { chooseLanguage } from "@/words/language";
import { LANGUAGES, type Language } from "@/words/languages";
import { useLanguage } from "@/words/WordsProvider";

/** The language of the page, each named in itself; kept for the next time. */
export function LanguageChoice() {
  const language = useLanguage();
  return (
    <label className="relative grid min-h-11 min-w-11 place-items-center rounded-full px-2 text-ink-soft focus-within:outline-2 focus-within:outline-ink hover:bg-pad-rim hover:text-ink sm:px-3">
      {/* A phone has room for the code only; the list itself has the names. */}
      <span aria-hidden="true" className="uppercase sm:hidden">{language}</span>
      <span aria-hidden="true" className="max-sm:hidden">{LANGUAGES[language]}</span>
      <select
        aria-label={say("common.language")}
        value={language}
        // Where its words do not come, the page stays as it is.
        onChange={(event) => void chooseLanguage(event.target.value as Language).catch(() => undefined)}
        className="absolute inset-0 w-full cursor-pointer opacity-0"
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code} className="bg-page text-ink">
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
