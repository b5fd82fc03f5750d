import type { Hit } from "@/api/client";
import type { TimedMeasure } from "./timeMap";

/** Below this a note deserves an ear. */
export const DOUBTFUL = 0.75;

/** Below this a bar line is likelier elsewhere than where it stands. */
export const DOUBTFUL_BAR = 0.5;

// Times of the page are rounded to milliseconds.
const SAME_LINE_SECONDS = 0.005;

/** Elements of the page whose bar line is doubtful. confidences: per downbeat; empty: nobody asked. */
export function doubtfulBars(
  measures: readonly TimedMeasure[],
  downbeats: readonly number[],
  confidences: readonly number[],
): ReadonlySet<string> {
  const doubted = downbeats.filter((_, k) => (confidences[k] ?? 1) < DOUBTFUL_BAR);
  const isDoubted = (start: number) => doubted.some((time) => Math.abs(time - start) < SAME_LINE_SECONDS);
  return new Set(measures.filter((bar) => isDoubted(bar.start_seconds)).map((bar) => bar.svg_id));
}

/** The next doubtful stroke after a time, round the end to the beginning; null if there is none. */
export function nextDoubtful(
  hits: readonly Hit[],
  afterSeconds: number,
  direction: 1 | -1 = 1,
): Hit | null {
  const doubtful = hits.filter((hit) => hit.confidence < DOUBTFUL);
  if (doubtful.length === 0) return null;
  if (direction === 1) {
    return doubtful.find((hit) => hit.time > afterSeconds + 0.001) ?? doubtful[0] ?? null;
  }
  return doubtful.findLast((hit) => hit.time < afterSeconds - 0.001) ?? doubtful.at(-1) ?? null;
}
