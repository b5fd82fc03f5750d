import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { api, ensureSession, unwrap } from "@/api/client";
import type { components } from "@/api/generated/schema";
import { jobKeys } from "@/api/keys";
import { jobAddress } from "@/lib/address";
import { newKey } from "@/lib/newKey";

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
  // The same for each try of the same wish: an answer that was lost on its way makes no second song.
  const tried = useRef({ wanted: "", key: "" });
  return useMutation({
    mutationFn: async ({ jobId, wishes, replaces = false }: Wanted) => {
      await ensureSession();
      const params = { path: { job_id: jobId } };
      const wanted = JSON.stringify([jobId, wishes]);
      if (tried.current.wanted !== wanted) tried.current = { wanted, key: newKey() };
      const accepted = await unwrap(
        api.POST("/api/v1/jobs/{job_id}/again", {
          params: { ...params, header: { "idempotency-key": tried.current.key } },
          body: wishes,
        }),
      );
      tried.current = { wanted: "", key: "" };
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
