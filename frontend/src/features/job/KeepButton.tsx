"use client";

import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { useLimits } from "@/api/limits";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
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
      aria-label={say("keep.label", { title: job.title || say("common.untitled") })}
      title={isKept ? say("keep.until_deleted") : say("keep.beyond")}
      disabled={keep.isPending}
      onClick={() => keep.mutate({ jobId: job.job_id, keep: !isKept })}
    >
      {keep.error ? say("keep.again") : isKept ? say("keep.kept") : say("keep.keep")}
    </Button>
  );
}
