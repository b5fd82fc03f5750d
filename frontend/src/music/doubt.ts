import type { TimedMeasure } from "./timeMap";

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
