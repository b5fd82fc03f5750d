import { secondsAt, type BeatGrid } from "@/music/beatGrid";
import type { ScoreClock } from "@/music/timeMap";

/** The number that stands on the page for the bar at a beat; undefined where the page has none there. */
export const numberOnPage = (clock: ScoreClock | null, grid: BeatGrid, beat: number): number | undefined =>
  clock?.measure(clock.measureAt(secondsAt(grid, beat)))?.number;
