/** What of the recording is seen, in seconds. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export const secondsOf = ({ from, until }: Stretch): number => Math.max(1e-6, until - from);

/** Where in a stretch a moment lies: 0 at its start, 1 at its end. */
export const shareOf = (view: Stretch, seconds: number): number => (seconds - view.from) / secondsOf(view);

export const momentAt = (view: Stretch, share: number): number => view.from + share * secondsOf(view);

/** How much of what is seen lies before the place that is played, once it is turned to it. */
const LEAD = 0.15;
/** Turned before the place is quite gone. */
const EDGE = 0.03;

/**
 * What is seen of a song when one part in `zoom` of it is: what was seen before, as long as the place that is
 * played lies in it, else it is turned to that place, as a page is.
 */
export function viewAround(position: number, durationSeconds: number, zoom: number, before: Stretch | null): Stretch {
  const span = durationSeconds / zoom;
  const stays = before && Math.abs(secondsOf(before) - span) < 1e-6;
  if (stays && isIn(before, position, durationSeconds)) return before;
  const from = Math.min(durationSeconds - span, Math.max(0, position - LEAD * span));
  return { from, until: from + span };
}

function isIn(view: Stretch, position: number, durationSeconds: number): boolean {
  const edge = EDGE * secondsOf(view);
  return position >= view.from && (position < view.until - edge || view.until >= durationSeconds - 1e-6);
}
