"use client";

import { say } from "@/words";
import { chooseLanguage } from "@/words/language";
import { LANGUAGES, type Language } from "@/words/languages";
import { useLanguage } from "@/words/WordsProvider";

/** The language of the page, each named in itself; kept for the next time. */
export function LanguageChoice() {
  const language = useLanguage();
  return (
    <select
      aria-label={say("common.language")}
      value={language}
      // Where its words do not come, the page stays as it is.
      onChange={(event) => void chooseLanguage(event.target.value as Language).catch(() => undefined)}
      className="min-h-11 cursor-pointer rounded-full bg-transparent px-2 text-ink-soft hover:bg-pad-rim hover:text-ink"
    >
      {Object.entries(LANGUAGES).map(([code, name]) => (
        <option key={code} value={code} lang={code} className="bg-page text-ink">
          {name}
        </option>
      ))}
    </select>
  );
}
