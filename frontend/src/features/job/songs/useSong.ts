import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ensureSession, unwrap } from "@/api/client";
import { jobKeys } from "@/api/keys";
import { takeJob } from "@/api/takeJob";
import { changeListed } from "../queries";

/** What its owner says about a song beside its notes. title: undefined stays as it is. */
export interface SongFacts {
  jobId: string;
  title?: string | undefined;
  tags: string[];
}

/** Gives a song another title and other tags; the page is drawn anew for a new title. */
export function useSayAboutSong() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ jobId, title, tags }: SongFacts) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      if (title !== undefined) {
        await unwrap(api.PATCH("/api/v1/jobs/{job_id}", { params, body: { title, revert: false } }));
      }
      return unwrap(api.PUT("/api/v1/jobs/{job_id}/tags", { params, body: { tags } }));
    },
    onSuccess: async (job) => {
      await takeJob(cache, job);
      // Its page has another title now.
      void cache.invalidateQueries({ queryKey: jobKeys.result(job.job_id) });
      changeListed(cache, (jobs) => jobs.map((one) => (one.job_id === job.job_id ? job : one)));
      void cache.invalidateQueries({ queryKey: jobKeys.list });
    },
  });
}
