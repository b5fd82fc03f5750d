import type { Instrument } from "@/api/client";
import type { Loop } from "@/music/loop";
import { FIRST_SOURCES, type Sources } from "./sources";

/** Faster by `stepPercent` of the song's tempo each `everyLoops` rounds, up to `toPercent`. */
export interface Trainer {
  stepPercent: number;
  everyLoops: number;
  toPercent: number;
}

/** Of one drum of the synthesised kit. */
export interface DrumMix {
  isMuted: boolean;
  isSolo: boolean;
}

export type KitMix = Partial<Record<Instrument, DrumMix>>;

export type CountInBars = 0 | 1 | 2;
/** Clicks a beat. */
export type ClickDivision = 1 | 2 | 3 | 4;

/** How somebody practises a song. */
export interface Practice {
  rate: number;
  loop: Loop | null;
  countInBars: CountInBars;
  clickDivision: ClickDivision;
  trainer: Trainer | null;
  sources: Sources;
  kit: KitMix;
}

export interface NamedLoop extends Loop {
  name: string;
}

export const MIN_RATE = 0.25;
export const MAX_RATE = 1.5;
export const FIRST_TRAINER: Trainer = { stepPercent: 5, everyLoops: 2, toPercent: 100 };
export const FIRST_PRACTICE: Practice = {
  rate: 1,
  loop: null,
  countInBars: 0,
  clickDivision: 1,
  trainer: null,
  sources: FIRST_SOURCES,
  kit: {},
};

/** The speed after so many rounds of the loop at this one; the same while it is not time yet. */
export function trainedRate(trainer: Trainer, rate: number, rounds: number): number {
  if (rounds < trainer.everyLoops) return rate;
  const next = Math.min(rate + trainer.stepPercent / 100, trainer.toPercent / 100, MAX_RATE);
  // Who practises faster than the goal already is left alone.
  return Math.max(rate, next);
}

/** Whether a drum of the kit is heard: alone if it, or any, is on solo. */
export function isDrumHeard(kit: KitMix, instrument: Instrument): boolean {
  const hasSolo = Object.values(kit).some((drum) => drum.isSolo);
  const drum = kit[instrument];
  return hasSolo ? (drum?.isSolo ?? false) : !(drum?.isMuted ?? false);
}

/** The beats and the clicks between them: times in seconds, and what each is. */
export function clicksOf(
  beats: readonly number[], beatNumbers: readonly number[], division: ClickDivision,
): { times: number[]; accents: ClickAccent[] } {
  const times: number[] = [];
  const accents: ClickAccent[] = [];
  beats.forEach((beat, i) => {
    times.push(beat);
    accents.push(beatNumbers[i] === 1 ? "downbeat" : "beat");
    const next = beats[i + 1];
    for (let part = 1; next !== undefined && part < division; part += 1) {
      times.push(beat + ((next - beat) * part) / division);
      accents.push("between");
    }
  });
  return { times, accents };
}

export type ClickAccent = "downbeat" | "beat" | "between";

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value);
const isLoop = (value: unknown): value is Loop => {
  const loop = value as Partial<Loop> | null;
  return isNumber(loop?.startSeconds) && isNumber(loop.endSeconds) && loop.endSeconds > loop.startSeconds;
};

/** The part of a larger state that is remembered. */
export const practiceOf = (state: Practice): Practice => ({
  rate: state.rate,
  loop: state.loop,
  countInBars: state.countInBars,
  clickDivision: state.clickDivision,
  trainer: state.trainer,
  sources: state.sources,
  kit: state.kit,
});

/** What was kept, as far as it can be understood; the rest is as at first. */
export function practiceFrom(kept: unknown): { practice: Practice; loops: NamedLoop[] } {
  const said = (typeof kept === "object" && kept !== null ? kept : {}) as Partial<Practice> & {
    loops?: unknown;
  };
  const trainer = said.trainer;
  const hasTrainer =
    isNumber(trainer?.stepPercent) && isNumber(trainer.everyLoops) && isNumber(trainer.toPercent);
  return {
    practice: {
      rate: isNumber(said.rate) ? Math.min(MAX_RATE, Math.max(MIN_RATE, said.rate)) : 1,
      loop: isLoop(said.loop) ? said.loop : null,
      countInBars: said.countInBars === 1 || said.countInBars === 2 ? said.countInBars : 0,
      clickDivision: ([2, 3, 4] as const).find((one) => one === said.clickDivision) ?? 1,
      trainer: hasTrainer ? trainer : null,
      sources: { ...FIRST_SOURCES, ...said.sources },
      kit: said.kit ?? {},
    },
    loops: (Array.isArray(said.loops) ? said.loops : []).filter(
      (one: unknown): one is NamedLoop => isLoop(one) && typeof (one as NamedLoop).name === "string",
    ),
  };
}
