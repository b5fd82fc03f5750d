"use client";

import type { JobResult } from "@/api/client";

export interface ResultWorkspaceProps {
  jobId: string;
  /** As loaded; edits write the new one into the cache under `jobKeys.result(jobId)`. */
  result: JobResult;
}

/** Score, player and editor of a finished job. */
export function ResultWorkspace({ jobId, result }: ResultWorkspaceProps) {
  return (
    // eslint-disable-next-line @next/next/no-img-element -- a drawing of the service, not an asset
    <img
      src={`/api/v1/jobs/${jobId}/download/svg?version=${result.version}`}
      alt={`Drum score of ${result.title}`}
      className="w-full rounded-lg bg-white p-4"
    />
  );
}
