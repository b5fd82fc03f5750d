import type { QueryClient } from "@tanstack/react-query";
import type { JobStatus } from "./client";
import { jobKeys } from "./keys";

/**
 * A job as the service has it after a change. Whoever had asked for it before gets no answer any more: what
 * was so before the change would take the place of this, and a page that sees nothing going on asks no more.
 */
export async function takeJob(cache: QueryClient, job: JobStatus): Promise<void> {
  const queryKey = jobKeys.job(job.job_id);
  await cache.cancelQueries({ queryKey, exact: true });
  cache.setQueryData<JobStatus>(queryKey, job);
}
