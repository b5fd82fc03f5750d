import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap } from "@/api/client";
import { jobKeys } from "@/api/keys";
import { unlessGone } from "@/api/problem";
import { takeJob } from "@/api/takeJob";

/** Cancels a job that has not ended. One that has ended since it was seen stays: the service decides. */
export function useCancelJob() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (jobId: string) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      return unlessGone(unwrap(api.POST("/api/v1/jobs/{job_id}/cancel", { params })));
    },
    onSuccess: async (job, jobId) => {
      if (job) await takeJob(cache, job);
      else await cache.invalidateQueries({ queryKey: jobKeys.job(jobId), exact: true });
      void cache.invalidateQueries({ queryKey: jobKeys.list });
    },
  });
}
