import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap, type JobStatus } from "@/api/client";
import { jobKeys } from "@/api/keys";
import type { JobPages } from "./queries";

/** Keeps a song beyond its time, or lets it go when that is over. */
export function useKeepJob() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ jobId, keep }: { jobId: string; keep: boolean }) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      return unwrap(api.PUT("/api/v1/jobs/{job_id}/keep", { params, body: { keep } }));
    },
    onSuccess: (kept: JobStatus) => {
      cache.setQueryData(jobKeys.job(kept.job_id), kept);
      cache.setQueryData<JobPages>(
        jobKeys.list,
        (list) =>
          list && {
            ...list,
            pages: list.pages.map((page) => ({
              ...page,
              jobs: page.jobs.map((job) => (job.job_id === kept.job_id ? kept : job)),
            })),
          },
      );
    },
  });
}
