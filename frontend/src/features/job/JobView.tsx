"use client";

import { useSearchParams } from "next/navigation";
import { ResultWorkspace } from "@/features/player";
import { useJob, useResult } from "./queries";

/** One job, whatever its state: `/jobs/?id=...`. */
export function JobView() {
  const jobId = useSearchParams().get("id") ?? "";
  const job = useJob(jobId);
  const result = useResult(jobId, { enabled: job.data?.status === "completed" });
  return (
    <main>
      {result.data ? (
        <ResultWorkspace jobId={jobId} result={result.data} />
      ) : (
        <p>{job.data ? `${job.data.status} ${job.data.progress} %` : "Loading"}</p>
      )}
    </main>
  );
}
