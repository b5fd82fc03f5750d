import type { Instrument } from "@/api/client";
import { say, shownLanguage, type PlainKey } from "@/words";

const NAMES: Readonly<Record<Instrument, PlainKey>> = {
  kick: "music.kick",
  snare: "music.snare",
  hihat_closed: "music.hihat_closed",
  hihat_open: "music.hihat_open",
  ride: "music.ride",
  crash: "music.crash",
  tom_high: "music.tom_high",
  tom_mid: "music.tom_mid",
  tom_low: "music.tom_low",
};

export const instrumentName = (instrument: Instrument): string => say(NAMES[instrument]);

/** The name within a sentence; German writes nouns large there, too. */
export function instrumentInText(instrument: Instrument): string {
  const name = instrumentName(instrument);
  return shownLanguage() === "de" ? name : name.toLocaleLowerCase(shownLanguage());
}

/** The colour of an instrument, the same everywhere; a CSS variable of globals.css. */
export const instrumentColour = (instrument: Instrument): string => `var(--${instrument})`;
