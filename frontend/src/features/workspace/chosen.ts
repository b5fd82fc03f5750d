import type { Hit } from "@/api/client";

/** The stroke under edit that a stroke of the drawn page has become; null where it is gone. */
export function strokeOfPage(id: number | null, hits: readonly Hit[]): Hit | null {
  return hits.find((hit) => hit.id === id) ?? null;
}

/** The id by which a stroke stands on the drawn page; null where it is not there. */
export function idOnPage(stroke: Hit | null, drawn: readonly Hit[] | undefined): number | null {
  return (stroke && drawn?.find((hit) => hit.id === stroke.id)?.id) ?? null;
}
