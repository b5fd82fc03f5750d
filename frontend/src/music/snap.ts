import type { BeatUnit } from "./metre";
import { beatAt, secondsAt, type BeatGrid } from "./beatGrid";

/** Parts of a beat that strokes can be placed on. 0: anywhere. */
export const DIVISIONS = [0, 1, 2, 3, 4, 6, 8] as const;
export type Division = (typeof DIVISIONS)[number];

const OF_QUARTERS: Record<Division, string> = {
  0: "free", 1: "quarters", 2: "8ths", 3: "8th triplets", 4: "16ths", 6: "16th triplets", 8: "32nds",
};
const OF_DOTTED: Record<Division, string> = {
  0: "free", 1: "dotted quarters", 2: "duplets", 3: "8ths", 4: "quadruplets", 6: "16ths", 8: "octuplets",
};
const OF_EIGHTHS: Record<Division, string> = {
  0: "free", 1: "8ths", 2: "16ths", 3: "16th triplets", 4: "32nds", 6: "32nd triplets", 8: "64ths",
};
const OF_HALVES: Record<Division, string> = {
  0: "free", 1: "halves", 2: "quarters", 3: "quarter triplets", 4: "8ths", 6: "8th triplets", 8: "16ths",
};

/** The parts of a beat as drummers call them. */
export function divisionWords(division: Division, unit: BeatUnit): string {
  const words = {
    half: OF_HALVES, quarter: OF_QUARTERS, "dotted quarter": OF_DOTTED, eighth: OF_EIGHTHS,
  }[unit];
  return words[division];
}

/** The nearest place of the grid, in beats. */
export const snapped = (beat: number, division: Division): number =>
  division === 0 ? beat : Math.round(beat * division) / division;

export function snappedSeconds(grid: BeatGrid, seconds: number, division: Division): number {
  return secondsAt(grid, snapped(beatAt(grid, seconds), division));
}

/** A time moved by beats, keeping how early or late it was played. */
export const shifted = (grid: BeatGrid, seconds: number, beats: number): number =>
  secondsAt(grid, beatAt(grid, seconds) + beats);

/** First and one-past-last beat of the bar that holds a beat. */
export function barAround(grid: BeatGrid, beat: number): [number, number] {
  const { beatNumbers } = grid;
  let first = Math.min(beatNumbers.length - 1, Math.max(0, Math.floor(beat + 1e-6)));
  while (first > 0 && beatNumbers[first] !== 1) first -= 1;
  let end = first + 1;
  while (end < beatNumbers.length && beatNumbers[end] !== 1) end += 1;
  return [first, end];
}
