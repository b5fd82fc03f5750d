import { i18n } from "@lingui/core";
import type { Language } from "./languages";

/** Adds compiled messages to those of a language. */
export function loadWords(language: Language, compiled: object): void {
  // What scripts/compile_words.mjs writes; as a JSON file its type says nothing of tuples.
  i18n.load(language, compiled as Parameters<typeof i18n.load>[1]);
}
