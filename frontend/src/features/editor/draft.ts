import type { Hit } from "@/api/client";

/** Strokes that the service does not have yet, kept where a closed tab does not lose them. */
interface Draft {
  version: number;
  hits: Hit[];
}

const keyOf = (jobId: string): string => `drumscribe.draft.${jobId}`;

/** Storage may be full or forbidden; the edit goes on without it. */
function quietly<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

export function keepDraft(jobId: string, version: number, hits: Hit[]): void {
  const draft: Draft = { version, hits };
  quietly(() => localStorage.setItem(keyOf(jobId), JSON.stringify(draft)));
}

/** The strokes of a draft that was made from this version; null where there is none. */
export function readDraft(jobId: string, version: number): Hit[] | null {
  const draft = quietly(() => JSON.parse(localStorage.getItem(keyOf(jobId)) ?? "null") as unknown);
  if (typeof draft !== "object" || draft === null) return null;
  const { version: made, hits } = draft as Partial<Draft>;
  return made === version && Array.isArray(hits) && hits.length > 0 ? hits : null;
}

export function forgetDraft(jobId: string): void {
  quietly(() => localStorage.removeItem(keyOf(jobId)));
}
