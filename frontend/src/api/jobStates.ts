import type { JobStatus } from "./client";

const TERMINAL: ReadonlySet<JobStatus["status"]> = new Set(["completed", "failed", "cancelled"]);

/** Whether nothing more happens to a job by itself. */
export const isOver = (status: JobStatus["status"]): boolean => TERMINAL.has(status);
