import type { TimedMeasure } from "./timeMap";

/** How the service writes words that stand at places: `A=Verse, 42.5=Chorus` and `12.5=Watch out; 47=Stop`. */
const SEPARATORS = { section_names: ",", bar_texts: ";" } as const;
type List = keyof typeof SEPARATORS;
type Bars = readonly Pick<TimedMeasure, "start_seconds">[];

interface Entry {
  /** A letter of the page, or the second at which a bar begins. */
  place: string;
  words: string;
}

function entriesOf(list: List, said: string | null): Entry[] {
  return (said ?? "").split(SEPARATORS[list]).flatMap((entry) => {
    const [place = "", ...words] = entry.split("=");
    return place.trim() && words.length > 0 ? [{ place: place.trim(), words: words.join("=").trim() }] : [];
  });
}

/** Index of the bar that begins nearest to where words stand, as the service finds it; -1 for a letter's. */
function barOf({ place }: Entry, bars: Bars): number {
  const seconds = Number(place);
  if (!Number.isFinite(seconds)) return -1;
  const away = bars.map((bar) => Math.abs(bar.start_seconds - seconds));
  return away.indexOf(Math.min(...away));
}

/** What stands at the bar of an index; empty for nothing. */
export const wordsAt = (list: List, said: string | null, bars: Bars, bar: number): string =>
  entriesOf(list, said)
    .filter((entry) => barOf(entry, bars) === bar)
    .map(({ words }) => words)
    .join(", ");

/** The same with other words at that bar; null where there are none at all any more. */
export function withWords(list: List, said: string | null, bars: Bars, bar: number, words: string): string | null {
  const separator = SEPARATORS[list];
  const others = entriesOf(list, said).filter((entry) => barOf(entry, bars) !== bar);
  const here = bars[bar];
  // What parts the entries cannot stand in one.
  const line = words.replaceAll(separator, " ").replaceAll(/\s+/g, " ").trim();
  const placed = here && line ? [{ place: String(Math.max(0, Math.round(here.start_seconds * 1000) / 1000)), words: line }] : [];
  const all = [...others, ...placed].map((entry) => `${entry.place}=${entry.words}`);
  return all.length > 0 ? all.join(`${separator} `) : null;
}
