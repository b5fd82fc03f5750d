/**
 * The one clock: where in the song we are at a moment of the audio context.
 *
 * Everything that sounds or moves (stems, kit, click, cursor) asks these functions; nobody counts
 * time on their own. All times are seconds; "context" times are those of the audio context,
 * "position" is a place in the recording.
 */

import { firstNotBefore } from "@/music/search";
import type { Loop } from "@/music/loop";

/** Playing began at `contextSeconds` from `positionSeconds`. Before that the song stands still. */
export interface Anchor {
  contextSeconds: number;
  positionSeconds: number;
  rate: number;
  loop: Loop | null;
}

export interface Occurrence {
  index: number;
  contextSeconds: number;
}

/** The loop counts only while playing has not yet passed its end. */
export function activeLoop(anchor: Anchor): Loop | null {
  const { loop, positionSeconds } = anchor;
  if (!loop || loop.endSeconds <= loop.startSeconds) return null;
  return positionSeconds < loop.endSeconds ? loop : null;
}

/** The place in the recording that sounds at a moment of the context. */
export function positionAt(anchor: Anchor, contextSeconds: number): number {
  if (contextSeconds <= anchor.contextSeconds) return anchor.positionSeconds;
  const straight =
    anchor.positionSeconds + (contextSeconds - anchor.contextSeconds) * anchor.rate;
  const loop = activeLoop(anchor);
  if (!loop || straight < loop.endSeconds) return straight;
  const length = loop.endSeconds - loop.startSeconds;
  return loop.startSeconds + ((straight - loop.endSeconds) % length);
}

/** How often the loop has been played through since playing began. */
export function roundsAt(anchor: Anchor, contextSeconds: number): number {
  const loop = activeLoop(anchor);
  if (!loop) return 0;
  const straight = anchor.positionSeconds + (contextSeconds - anchor.contextSeconds) * anchor.rate;
  if (straight < loop.endSeconds) return 0;
  return 1 + Math.floor((straight - loop.endSeconds) / (loop.endSeconds - loop.startSeconds));
}

/**
 * Which of `times` (positions, ascending) sound in the context's [from, until), and when: each
 * as often as the loop brings it back.
 */
export function occurrences(
  anchor: Anchor,
  times: ArrayLike<number>,
  fromContext: number,
  untilContext: number,
): Occurrence[] {
  const found: Occurrence[] = [];
  const loop = activeLoop(anchor);
  // Stretches of playing without a jump: the way to the end of the loop, then one per round.
  let startContext = anchor.contextSeconds;
  let startPosition = anchor.positionSeconds;
  if (loop) {
    const lead = (loop.endSeconds - startPosition) / anchor.rate;
    const round = (loop.endSeconds - loop.startSeconds) / anchor.rate;
    const rounds = Math.floor((fromContext - startContext - lead) / round);
    if (rounds >= 0) {
      startContext += lead + rounds * round;
      startPosition = loop.startSeconds;
    }
  }
  for (;;) {
    const endPosition = loop ? loop.endSeconds : Infinity;
    const endContext = startContext + (endPosition - startPosition) / anchor.rate;
    for (let i = firstNotBefore(times, startPosition); i < times.length; i += 1) {
      const time = times[i] as number;
      if (time >= endPosition) break;
      const at = startContext + (time - startPosition) / anchor.rate;
      if (at >= untilContext) break;
      if (at >= fromContext) found.push({ index: i, contextSeconds: at });
    }
    if (!loop || endContext >= untilContext) return found;
    startContext = endContext;
    startPosition = loop.startSeconds;
  }
}
