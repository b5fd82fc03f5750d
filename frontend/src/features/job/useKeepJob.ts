import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap, type JobStatus } from "@/api/client";
import { jobKeys } from "@/api/keys";
import { takeJob } from "@/api/takeJob";
import { changeListed } from "./queries";

/** Keeps a song beyond its time, or lets it go when that is over. */
export function useKeepJob() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ jobId, keep }: { jobId: string; keep: boolean }) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      return unwrap(api.PUT("/api/v1/jobs/{job_id}/keep", { params, body: { keep } }));
    },
    onSuccess: async (kept: JobStatus) => {
      await takeJob(cache, kept);
      changeListed(cache, (jobs) => jobs.map((job) => (job.job_id === kept.job_id ? kept : job)));
      void cache.invalidateQueries({ queryKey: jobKeys.list });
    },
  });
}
