import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap } from "@/api/client";
import { unlessGone } from "@/api/problem";
import { forgetDraft } from "@/api/draft";
import { forget } from "@/lib/kept";
import { jobKeys } from "@/api/keys";
import { changeListed } from "./queries";

/** Deletes a job that has ended. For one that has not, see useCancelJob: it may end in that very moment. */
export function useDeleteJob(done?: (isDeleted: boolean) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (jobId: string) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      const answer = await unlessGone(unwrap(api.DELETE("/api/v1/jobs/{job_id}", { params })));
      return answer ?? { job_id: jobId, status: "cancelled" as const, deleted: true };
    },
    onSuccess: async (answer) => {
      if (answer.deleted) {
        forgetDraft(answer.job_id);
        forget("practice", answer.job_id);
        forget("dismissed", answer.job_id);
        changeListed(cache, (jobs) => jobs.filter((job) => job.job_id !== answer.job_id));
      } else {
        await cache.invalidateQueries({ queryKey: jobKeys.job(answer.job_id), exact: true });
      }
      void cache.invalidateQueries({ queryKey: jobKeys.list });
      done?.(answer.deleted);
    },
  });
}
