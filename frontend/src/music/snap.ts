import { say, type PlainKey } from "@/words";
import type { BeatUnit } from "./metre";
import { beatAt, secondsAt, type BeatGrid } from "./beatGrid";

/** Parts of a beat that strokes can be placed on. 0: anywhere. */
export const DIVISIONS = [0, 1, 2, 3, 4, 6, 8] as const;
export type Division = (typeof DIVISIONS)[number];

type Name = PlainKey & `music.division.${string}`;

const OF: Readonly<Record<BeatUnit, Readonly<Record<Exclude<Division, 0>, Name>>>> = {
  half: {
    1: "music.division.half", 2: "music.division.quarter", 3: "music.division.quarter_triplet",
    4: "music.division.eighth", 6: "music.division.eighth_triplet", 8: "music.division.sixteenth",
  },
  quarter: {
    1: "music.division.quarter", 2: "music.division.eighth", 3: "music.division.eighth_triplet",
    4: "music.division.sixteenth", 6: "music.division.sixteenth_triplet", 8: "music.division.thirty_second",
  },
  "dotted quarter": {
    1: "music.division.dotted_quarter", 2: "music.division.duplet", 3: "music.division.eighth",
    4: "music.division.quadruplet", 6: "music.division.sixteenth", 8: "music.division.octuplet",
  },
  eighth: {
    1: "music.division.eighth", 2: "music.division.sixteenth", 3: "music.division.sixteenth_triplet",
    4: "music.division.thirty_second", 6: "music.division.thirty_second_triplet", 8: "music.division.sixty_fourth",
  },
}; // prettier-ignore

/** The parts of a beat as drummers call them. */
export const divisionWords = (division: Division, unit: BeatUnit): string =>
  say(division === 0 ? "music.division.free" : OF[unit][division]);

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
