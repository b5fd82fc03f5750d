import type { Hit } from "@/api/client";
import type { EditHit } from "@/music/strokes";

/** Two times that differ by less are one: they went through JSON. */
const SAME_SECONDS = 1e-6;

export const isSameStroke = (a: Hit, b: Hit): boolean =>
  a.instrument === b.instrument && Math.abs(a.time - b.time) < SAME_SECONDS;

/** The stroke under edit that a stroke of the drawn page has become; null where it is gone. */
export function strokeOfPage(drawn: Hit | undefined, hits: readonly EditHit[]): EditHit | null {
  return (drawn && hits.find((hit) => isSameStroke(hit, drawn))) ?? null;
}

/** Where a stroke stands among those that the page was drawn from; null where it is not there. */
export function placeOnPage(stroke: Hit | null, drawn: readonly Hit[] | undefined): number | null {
  const index = stroke && drawn ? drawn.findIndex((hit) => isSameStroke(hit, stroke)) : -1;
  return index < 0 ? null : index;
}
