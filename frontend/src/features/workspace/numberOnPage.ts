import { secondsAt, type BeatGrid } from "@/music/beatGrid";
import type { ScoreClock } from "@/music/timeMap";

/** Who rounds to microseconds does not end before the next bar begins. */
const SAME_SECONDS = 1e-4;

/** The number that stands on the page for the bar at a beat; undefined where the page has none there: the beats may go on after its last bar. */
export function numberOnPage(clock: ScoreClock | null, grid: BeatGrid, beat: number): number | undefined {
  const seconds = secondsAt(grid, beat);
  const measure = clock?.measure(clock.measureAt(seconds));
  return measure && seconds < measure.end_seconds - SAME_SECONDS ? measure.number : undefined;
}
