import type { TimedMeasure } from "@/features/score/timeMap";
import type { Loop } from "./transport";

/** From the start of one bar to the end of another (indices, brought into the piece). */
export function barLoop(
  measures: readonly TimedMeasure[],
  fromIndex: number,
  toIndex: number,
): Loop | null {
  const inside = (index: number) => Math.min(measures.length - 1, Math.max(0, index));
  const first = measures[inside(Math.min(fromIndex, toIndex))];
  const last = measures[inside(Math.max(fromIndex, toIndex))];
  if (!first || !last) return null;
  return { startSeconds: Math.max(0, first.start_seconds), endSeconds: last.end_seconds };
}
