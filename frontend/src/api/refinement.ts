import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { newKey } from "@/lib/newKey";
import { api, ensureSession, unwrap, type JobStatus } from "./client";
import { takeJob } from "./takeJob";

/** Has the drums of a finished song heard alone, into the same song; or stops that. */
export function useRefine(jobId: string) {
  const cache = useQueryClient();
  // The same for each try: an answer that was lost on its way begins nothing twice.
  const key = useRef(newKey());
  const params = { path: { job_id: jobId } };
  const take = (job: JobStatus) => takeJob(cache, job);
  const begin = useMutation({
    mutationFn: async () => {
      await ensureSession();
      return unwrap(
        api.POST("/api/v1/jobs/{job_id}/refinement", {
          params: { ...params, header: { "idempotency-key": key.current } },
        }),
      );
    },
    onSuccess: (job) => {
      key.current = newKey();
      return take(job);
    },
  });
  const stop = useMutation({
    mutationFn: () => unwrap(api.DELETE("/api/v1/jobs/{job_id}/refinement", { params })),
    onSuccess: take,
  });
  return { begin, stop };
}
