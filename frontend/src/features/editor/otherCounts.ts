import type { components, JobResult } from "@/api/client";
import { beatAt } from "@/music/beatGrid";
import { beatWords } from "@/music/beatWords";
import { QUARTERS_OF_A_BEAT, writtenMetre, writtenTempo } from "@/music/metre";
import { say } from "@/words";
import { AS_FOUND, atTempo } from "./countChanges";
import type { OptionsChange } from "./session";

type OtherCount = components["schemas"]["OtherCountOut"];

/** Another way to count the song, in words and as the change that brings it about. */
export interface CountOffer {
  words: string;
  change: OptionsChange;
}

/** Tempi within this factor are the same to whoever counts. */
const SAME_TEMPO = 1.06;

/** What the page offers beside its own count: each in a few words, the likeliest first. */
export function countOffers(result: JobResult): CountOffer[] {
  const offers = result.alternatives.map((other) => ({
    words: wordsOf(other, result),
    change: {
      time_signature: other.time_signature,
      // A tempo that is said is kept to strictly: where it is the page's own, nothing is said.
      ...(isOtherTempo(other.bpm, result.bpm) ? atTempo(other.bpm) : AS_FOUND),
      bar_one_at_seconds: other.bar_one_at_seconds,
      shift_beats: null,
    } satisfies OptionsChange,
  }));
  // What says the same, or nothing, is no choice.
  return offers.filter(
    ({ words }, index) => words !== "" && offers.findIndex((one) => one.words === words) === index,
  );
}

function wordsOf(other: OtherCount, result: JobResult): string {
  const parts: string[] = [];
  if (other.time_signature !== writtenMetre(result)) parts.push(say("editor.in_metre", { metre: other.time_signature }));
  const own = tempoBeside(other, result);
  if (isOtherTempo(other.bpm, own)) parts.push(tempoWords(other.bpm / own, other.bpm));
  if (parts.length === 0) {
    const beats = beatsLater(other.bar_one_at_seconds, result);
    if (beats > 0) parts.push(say("editor.lines_later", { beats: beatWords(beats) }));
  }
  return parts.join(", ");
}

function tempoWords(ratio: number, bpm: number): string {
  if (Math.abs(Math.log2(ratio) + 1) < 0.1) return say("editor.half_as_fast");
  if (Math.abs(Math.log2(ratio) - 1) < 0.1) return say("editor.twice_as_fast");
  return say("editor.at_tempo", { bpm: Math.round(bpm) });
}

/** How many beats, to the half, after a bar line of the page a moment of the song lies. */
function beatsLater(seconds: number, { beats, beat_numbers, settings }: JobResult): number {
  // The page counts from the start of the part that was heard, the offer from that of the song.
  const place = beatAt({ beats, beatNumbers: beat_numbers }, seconds - (settings.start_seconds ?? 0));
  const halves = Math.round(2 * place);
  const beat = Math.max(0, Math.floor(halves / 2));
  const inBar = (beat_numbers[beat] ?? 1) - 1 + (halves % 2) / 2;
  const barLength = Math.max(...beat_numbers);
  return inBar >= barLength ? 0 : inBar;
}

const isOtherTempo = (one: number, other: number): boolean => Math.abs(Math.log(one / other)) > Math.log(SAME_TEMPO);

/** The page's tempo in quarters: in the 12/8 that it is written in, or in the 4/4 that it is counted in. */
function tempoBeside(other: OtherCount, result: JobResult): number {
  const { unit, perMinute } = writtenTempo(result);
  return other.time_signature === writtenMetre(result) ? perMinute * QUARTERS_OF_A_BEAT[unit] : result.bpm;
}
