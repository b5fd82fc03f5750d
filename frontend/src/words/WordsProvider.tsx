"use client";

import { i18n } from "@lingui/core";
import { I18nProvider, useLingui } from "@lingui/react";
import { useEffect, type ReactNode } from "react";
import { showIn, wantedLanguage } from "./language";
import type { Language } from "./languages";

/** Shows what it surrounds in the reader's language; the page as it is built is English. */
export function WordsProvider({ children }: { children: ReactNode }) {
  useEffect(() => {
    const { documentElement: root } = document;
    showIn(wantedLanguage())
      .catch(() => {
        root.lang = "en";
      })
      .finally(() => {
        delete root.dataset.words;
      });
  }, []);
  return <I18nProvider i18n={i18n}>{children}</I18nProvider>;
}

/**
 * The language that is shown. A view that asks for it is drawn anew, with all below it, when another
 * one is chosen; every view that a page is put together from does.
 */
export function useLanguage(): Language {
  return useLingui().i18n.locale as Language;
}
