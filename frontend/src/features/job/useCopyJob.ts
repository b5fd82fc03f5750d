import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap } from "@/api/client";
import { jobKeys } from "@/api/keys";

/** Makes somebody else's song one's own, which may be edited; done: with its id. */
export function useCopyJob(done: (jobId: string) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (jobId: string) => {
      await ensureSession();
      return unwrap(
        api.POST("/api/v1/jobs/{job_id}/copy", { params: { path: { job_id: jobId } } }),
      );
    },
    onSuccess: (copy) => {
      void cache.invalidateQueries({ queryKey: jobKeys.list });
      done(copy.job_id);
    },
  });
}
