import type { Hit } from "@/api/client";
import { say } from "@/words";
import { instrumentInText } from "./instruments";
import { INSTRUMENTS } from "./staffOrder";
import { beatUnit, QUARTERS_OF_A_BEAT } from "./metre";
import { limbOf, type Limb } from "./sticking";
import type { TimedMeasure, TimedNote, TimeMap } from "./timeMap";

/** A bar as somebody would read it out. */
export interface BarWords {
  number: number;
  words: string;
}

/** What is counted between two beats, by 24ths of the beat; halves and quarters as drummers say them. */
const BETWEEN = [0, 6, 8, 12, 16, 18] as const;

/**
 * The score in words, bar by bar: "beat 1: kick, hi-hat right hand; beat 1 and: hi-hat".
 *
 * hits: those that the page was drawn from, with the hands that are read out.
 */
export function barsInWords(map: TimeMap, hits: readonly Hit[] = []): BarWords[] {
  const limbs = new Map(hits.flatMap((hit) => {
    const limb = limbOf(hit);
    return limb ? [[hit.id, limb] as const] : [];
  }));
  const byBar = new Map<number, TimedNote[]>();
  for (const note of map.notes) byBar.set(note.measure, [...(byBar.get(note.measure) ?? []), note]);
  return map.measures.map((measure) => ({
    number: measure.number,
    words: wordsOf(measure, byBar.get(measure.number) ?? [], limbs),
  }));
}

function wordsOf(measure: TimedMeasure, notes: readonly TimedNote[], limbs: ReadonlyMap<number, Limb>): string {
  const unit = QUARTERS_OF_A_BEAT[beatUnit(measure.time_signature)];
  const places = new Map<string, Map<string, Limb | undefined>>();
  // Grace notes are how the note after them is struck; the note itself is there.
  for (const note of notes.filter(({ is_grace }) => !is_grace)) {
    const place = placeWords(quarters(note.position) / unit);
    const struck = places.get(place) ?? new Map<string, Limb | undefined>();
    places.set(place, struck.set(note.instrument, limbs.get(note.hit) ?? struck.get(note.instrument)));
  }
  if (places.size === 0) return say("music.rest");
  return [...places].map(([place, struck]) => `${place}: ${drumWords(struck)}`).join("; ");
}

/** beats: from the start of the bar. */
export function placeWords(beats: number): string {
  // To the nearest of what can be said; sixteenth triplets and finer are counted by 24ths.
  const place = Math.round(beats * 24);
  const beat = Math.floor(place / 24);
  const rest = place - 24 * beat;
  const known = BETWEEN.find((part) => part === rest);
  if (known === undefined) return say("music.beat.other", { beat: beat + 1, part: rest });
  return say(`music.beat.${known}`, { beat: beat + 1 });
}

/** From the foot of the staff to its top. */
const drumWords = (struck: ReadonlyMap<string, Limb | undefined>): string =>
  [...INSTRUMENTS]
    .reverse()
    .filter((instrument) => struck.has(instrument))
    .map((instrument) => {
      const [drum, limb] = [instrumentInText(instrument), struck.get(instrument)];
      return limb ? say("music.struck_with", { drum, limb }) : drum;
    })
    .join(", ");

/** `3/4` -> 0.75 */
function quarters(position: string): number {
  const [above = 0, below = 1] = position.split("/").map(Number);
  return above / below;
}
