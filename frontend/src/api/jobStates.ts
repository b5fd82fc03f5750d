import type { components, JobStatus } from "./client";

const TERMINAL: ReadonlySet<JobStatus["status"]> = new Set(["completed", "failed", "cancelled"]);

/** Whether nothing more happens to a job by itself. */
export const isOver = (status: JobStatus["status"]): boolean => TERMINAL.has(status);

export type Refinement = components["schemas"]["RefinementOut"];

/** Whether the song is being heard again now. */
export const isRefining = (refinement: Refinement | null | undefined): boolean =>
  Boolean(refinement && !isOver(refinement.status));
