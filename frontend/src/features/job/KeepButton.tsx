"use client";

import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { useLimits } from "@/api/limits";
import { Button } from "@/components/ui/Button";
import { useKeepJob } from "./useKeepJob";

/** Pins a song where songs go in time; nothing where all of them stay. */
export function KeepButton({ job, className = "" }: { job: JobStatus; className?: string }) {
  const keep = useKeepJob();
  const retentionHours = useLimits().data?.retention_hours ?? 0;
  if (retentionHours === 0 || !isOver(job.status) || job.status === "cancelled") return null;
  const isKept = job.expires_at === null;
  return (
    <Button
      look="bare"
      className={`${className} aria-pressed:bg-pad-rim aria-pressed:text-ink`}
      aria-pressed={isKept}
      aria-label={`Keep ${job.title || "Untitled"}`}
      title={isKept ? "It stays until you delete it" : "Keep it beyond that time"}
      disabled={keep.isPending}
      onClick={() => keep.mutate({ jobId: job.job_id, keep: !isKept })}
    >
      {keep.error ? "Try again to keep it" : isKept ? "Kept" : "Keep"}
    </Button>
  );
}
