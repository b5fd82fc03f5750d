import { forget, keep, readKept } from "@/lib/kept";
import type { Hit } from "./client";

/** Strokes that the service does not have yet, kept where a closed tab does not lose them. */
export interface Draft {
  /** Of the service's result, from which they were made. */
  version: number;
  hits: Hit[];
  /** The strokes of that version. */
  base: Hit[];
}

export function keepDraft(jobId: string, draft: Draft): void {
  keep("draft", jobId, draft);
}

/** null where there is none. */
export function readDraft(jobId: string): Draft | null {
  const draft = readKept("draft", jobId);
  if (typeof draft !== "object" || draft === null) return null;
  const { version, hits, base } = draft as Partial<Draft>;
  if (typeof version !== "number" || !Array.isArray(hits) || hits.length === 0) return null;
  return { version, hits, base: Array.isArray(base) ? base : [] };
}

export const forgetDraft = (jobId: string): void => forget("draft", jobId);
