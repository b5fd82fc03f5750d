import type { components, Hit, Instrument } from "@/api/client";

export type ReviewGroup = components["schemas"]["ReviewGroupOut"];

/** What the service says of a score that is to be checked. */
export interface Reviewed {
  review: readonly ReviewGroup[];
  /** Strokes that were nearly heard. */
  candidates: readonly Hit[];
}

/** A group with the strokes that nobody has decided about yet; never without one. */
export interface OpenGroup extends Pick<ReviewGroup, "kind" | "instrument" | "beat" | "chance"> {
  /** The same as long as the group is there. */
  key: string;
  strokes: readonly Hit[];
}

/** Strokes of one drum that are nearer than this are one. */
const SAME_SECONDS = 0.045;

/** Ids of the strokes that are likelier wrong than one in three, and that nobody has put right. */
export function doubtfulIds({ review }: Pick<Reviewed, "review">, hits: readonly Hit[]): ReadonlySet<number> {
  const asked = new Set(review.filter(({ kind }) => kind === "doubtful").flatMap(({ ids }) => ids));
  return new Set(hits.filter((hit) => hit.confidence < 1 && asked.has(hit.id)).map(({ id }) => id));
}

/** By what a dismissed offer is known again: ids may be given anew. */
export const offerName = ({ instrument, time }: Pick<Hit, "instrument" | "time">): string =>
  `${instrument} ${time.toFixed(3)}`;

/** The offers that the page does not have and that were not dismissed. */
export function openOffers(
  { candidates }: Pick<Reviewed, "candidates">, hits: readonly Hit[], dismissed: ReadonlySet<string>,
): Hit[] {
  const struck = new Map<Instrument, number[]>();
  for (const { instrument, time } of hits) struck.set(instrument, [...(struck.get(instrument) ?? []), time]);
  return candidates.filter(
    (offer) =>
      !dismissed.has(offerName(offer)) &&
      !struck.get(offer.instrument)?.some((time) => Math.abs(time - offer.time) < SAME_SECONDS),
  );
}

/** What is left to decide, in the order of the service. */
export function openGroups(
  reviewed: Reviewed, hits: readonly Hit[], dismissed: ReadonlySet<string>,
): OpenGroup[] {
  const doubtful = doubtfulIds(reviewed, hits);
  const left = {
    doubtful: new Map(hits.filter(({ id }) => doubtful.has(id)).map((hit) => [hit.id, hit])),
    offered: new Map(openOffers(reviewed, hits, dismissed).map((offer) => [offer.id, offer])),
  };
  return reviewed.review
    .map(({ kind, instrument, beat, chance, ids }) => ({
      kind,
      instrument,
      beat,
      chance,
      key: [kind, instrument, beat].join(),
      strokes: ids.flatMap((id) => left[kind].get(id) ?? []),
    }))
    .filter(({ strokes }) => strokes.length > 0);
}

/** About how many: nobody counts eighty-three notes. */
export const roundly = (count: number): number => (count < 20 ? count : 5 * Math.round(count / 5));

/** The next doubtful stroke after a time, round the end to the beginning; null if there is none. */
export function nextDoubtful(
  hits: readonly Hit[],
  ids: ReadonlySet<number>,
  afterSeconds: number,
  direction: 1 | -1 = 1,
): Hit | null {
  const doubtful = hits.filter(({ id }) => ids.has(id));
  if (doubtful.length === 0) return null;
  if (direction === 1) {
    return doubtful.find((hit) => hit.time > afterSeconds + 0.001) ?? doubtful[0] ?? null;
  }
  return doubtful.findLast((hit) => hit.time < afterSeconds - 0.001) ?? doubtful.at(-1) ?? null;
}
