import type { JobResult } from "@/api/client";
import { WISHES } from "@/api/generated/wishes";

/** What is offered; others can be typed. */
export const USUAL_METRES = ["4/4", "3/4", "2/4", "6/8", "12/8", "5/4", "7/8", "9/8"] as const;

export type BeatUnit = "half" | "quarter" | "dotted quarter" | "eighth";

export const QUARTERS_OF_A_BEAT: Readonly<Record<BeatUnit, number>> = {
  half: 2,
  quarter: 1,
  "dotted quarter": 1.5,
  eighth: 0.5,
};

/** What lasts so many quarters: 4/4 is counted in eighths where bars of seven stand among its bars. */
export function unitLasting(quarters: number): BeatUnit {
  const units = Object.keys(QUARTERS_OF_A_BEAT) as BeatUnit[];
  return units.find((unit) => QUARTERS_OF_A_BEAT[unit] === quarters) ?? "quarter";
}

/** What is counted in a metre, as the service counts: dotted quarters in 6/8, eighths in 7/8. */
export function beatUnit(timeSignature: string): BeatUnit {
  const [beats = 4, of = 4] = timeSignature.split("/").map(Number);
  if (of >= 8) return of === 8 && beats > 3 && beats % 3 === 0 ? "dotted quarter" : "eighth";
  return of <= 2 ? "half" : "quarter";
}

/** How a song is counted, and what its page is written in. */
type Counted = Pick<JobResult, "bpm" | "time_signature" | "written_time_signature">;

/** What most bars of the page are written in: 12/8 where the beats of 4/4 are played in thirds. */
export const writtenMetre = (result: Counted): string => result.written_time_signature ?? result.time_signature;

/** The tempo as the page prints it: beats are as fast in 12/8 as in the 4/4 that it is counted in. */
export function writtenTempo(result: Counted): { unit: BeatUnit; perMinute: number } {
  const unit = beatUnit(writtenMetre(result));
  const counted = unit === "dotted quarter" ? beatUnit(result.time_signature) : unit;
  return { unit, perMinute: result.bpm / QUARTERS_OF_A_BEAT[counted] };
}

/** Whether the service takes it: it can be counted, and its bars are not too short. */
export function isMetre(text: string): boolean {
  const { mostBeats, finestBeat, shortestBarQuarters } = WISHES.time_signature;
  const [, beats = 0, of = 0] = (/^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? []).map(Number);
  const isNote = of > 0 && of <= finestBeat && (of & (of - 1)) === 0;
  return isNote && beats >= 1 && beats <= mostBeats && (4 * beats) / of >= shortestBarQuarters;
}
