import { i18n } from "@lingui/core";
import start from "./compiled/en.start.json";
import type { Messages } from "./compiled/messages";
import type { Language } from "./languages";
import { loadWords } from "./loadWords";

/** The name of a message in the catalogue. */
export type MessageKey = keyof Messages;
/** Those that need nothing said about them. */
export type PlainKey = { [Key in MessageKey]: Messages[Key] extends undefined ? Key : never }[MessageKey];

type Needs<Key extends MessageKey> = Messages[Key] extends undefined ? [] : [values: Messages[Key]];

loadWords("en", start);
i18n.activate("en");

/**
 * A message of the catalogue, in the language that the page is shown in.
 *
 * Called while a view is drawn: whoever keeps the text keeps the language, too.
 */
export function say<Key extends MessageKey>(key: Key, ...[values]: Needs<Key>): string {
  return i18n._(key, values);
}

/** The language that is shown, for whatever the browser formats by itself. */
export const shownLanguage = (): Language => i18n.locale as Language;

/** Whether the catalogue has a message of that name; for codes that come from the service. */
export const isMessage = (key: string): key is MessageKey => key in i18n.messages;

/** A plain message whose name is put together from a code; null where there is none. */
export const sayIfKnown = (key: string): string | null => (isMessage(key) ? i18n._(key) : null);
