import type { Hit } from "@/api/client";

/** Strokes that the service does not have yet, kept where a closed tab does not lose them. */
export interface Draft {
  /** Of the service's result, from which they were made. */
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

/** null where there is none. */
export function readDraft(jobId: string): Draft | null {
  const draft = quietly(() => JSON.parse(localStorage.getItem(keyOf(jobId)) ?? "null") as unknown);
  if (typeof draft !== "object" || draft === null) return null;
  const { version, hits } = draft as Partial<Draft>;
  if (typeof version !== "number" || !Array.isArray(hits) || hits.length === 0) return null;
  return { version, hits };
}

export function forgetDraft(jobId: string): void {
  quietly(() => localStorage.removeItem(keyOf(jobId)));
}
