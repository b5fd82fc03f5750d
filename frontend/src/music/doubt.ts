import type { Hit } from "@/api/client";

/** Below this a note deserves an ear. */
export const DOUBTFUL = 0.75;

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
