import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap, type JobResult } from "@/api/client";
import type { Refinement } from "@/api/jobStates";
import { keep, readKept } from "@/lib/kept";

/** What taking over a refinement needs of the edits on the page. */
export interface Edits {
  version: number;
  /** The service has another page by now: what was heard anew, which edits of here are put into. */
  takeHeardAnew: () => Promise<void>;
  settle: () => Promise<boolean>;
  takeResult: (next: JobResult) => void;
  tag: () => string;
}

/** The page takes over what was heard with the drums alone as soon as it is there; and the way back. */
export function useRefined(jobId: string, refinement: Refinement | null, edits: Edits) {
  const { takeHeardAnew, version } = edits;
  const isThere = refinement?.status === "completed" && refinement.version === version + 1;
  useEffect(() => {
    if (isThere) void takeHeardAnew();
  }, [isThere, takeHeardAnew]);

  const [closed, setClosed] = useState(() => readKept("refined", jobId));
  const undo = useMutation({
    mutationFn: async () => {
      // Edits of this very moment: the service then says that they would be lost.
      await edits.settle();
      const header = { "if-match": edits.tag() };
      edits.takeResult(
        await unwrap(
          api.POST("/api/v1/jobs/{job_id}/refinement/undo", {
            params: { path: { job_id: jobId }, header },
          }),
        ),
      );
    },
  });
  return {
    undo,
    isClosed: refinement !== null && closed === refinement.created_at,
    close: () => {
      if (!refinement) return;
      keep("refined", jobId, refinement.created_at);
      setClosed(refinement.created_at);
    },
  };
}
