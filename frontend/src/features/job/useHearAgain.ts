import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { api, ensureSession, unwrap } from "@/api/client";
import type { components } from "@/api/generated/schema";
import { jobKeys } from "@/api/keys";
import { jobAddress } from "@/lib/address";

export type OtherWishes = Partial<components["schemas"]["HearAgainIn"]>;

interface Wanted {
  jobId: string;
  wishes: OtherWishes;
  /** The first one is of no use to anybody: the new one takes its place in the list. */
  replaces?: boolean;
}

/** Has the same recording heard differently, without an upload, and goes to the new song. */
export function useHearAgain() {
  const cache = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async ({ jobId, wishes, replaces = false }: Wanted) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      const accepted = await unwrap(
        api.POST("/api/v1/jobs/{job_id}/again", { params, body: wishes }),
      );
      // It only stays in the list if this fails.
      if (replaces) await unwrap(api.DELETE("/api/v1/jobs/{job_id}", { params })).catch(() => null);
      return accepted;
    },
    onSuccess: ({ job_id }) => {
      void cache.invalidateQueries({ queryKey: jobKeys.list });
      router.push(jobAddress(job_id));
    },
  });
}
