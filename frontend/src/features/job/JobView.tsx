"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, type ComponentType } from "react";
import { isOver } from "@/api/jobStates";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/Button";
import { CancelledView, DeadEnd, ExpiredView, FailedView } from "./EndedView";
import { ProgressView } from "./ProgressView";
import { useJob, useResult } from "./queries";
import { ResultView, type WorkspaceProps } from "./ResultView";
import { useJobEvents } from "./useJobEvents";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface JobViewProps {
  /** What a finished song is seen, heard and corrected with. */
  Workspace: ComponentType<WorkspaceProps>;
}

/** One job, whatever its state: `/jobs/?id=...`. */
export function JobView({ Workspace }: JobViewProps) {
  const jobId = useSearchParams().get("id") ?? "";
  if (!UUID.test(jobId)) return <UnknownView />;
  return <KnownJobView key={jobId} jobId={jobId} Workspace={Workspace} />;
}

function KnownJobView({ jobId, Workspace }: { jobId: string } & JobViewProps) {
  // Known only after the job is; both ask the same cache.
  const first = useJob(jobId, { isLive: true });
  const isRunning = first.data !== undefined && !isOver(first.data.status);
  const isLive = useJobEvents(jobId, { enabled: isRunning });
  const { data: job, error, refetch, failureCount } = useJob(jobId, { isLive });
  const result = useResult(jobId, { enabled: job?.status === "completed" });

  useEffect(() => {
    if (!job) return;
    const title = job.title || "Untitled";
    document.title = `${isOver(job.status) ? title : `${job.progress} % ${title}`} | DrumScribe`;
  }, [job]);

  // It may have been deleted since it was seen last.
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) {
    return <UnknownView />;
  }
  if (!job) {
    if (error) return <OfflineView again={() => void refetch()} />;
    return <LoadingView words="Looking for the song" />;
  }
  if (!isOver(job.status)) {
    return <ProgressView job={job} isLate={error !== null || (!isLive && failureCount > 0)} />;
  }
  if (job.status === "failed") return <FailedView job={job} />;
  if (job.status === "cancelled") return <CancelledView job={job} />;
  if (result.data) return <ResultView job={job} result={result.data} Workspace={Workspace} />;
  if (result.error instanceof ApiProblem && result.error.status === 410) {
    return <ExpiredView job={job} />;
  }
  if (result.error) return <OfflineView again={() => void result.refetch()} />;
  return <LoadingView words="Loading the score" />;
}

function LoadingView({ words }: { words: string }) {
  return (
    <p role="status" className="pt-20 text-center text-lg text-ink-soft">
      {words}
    </p>
  );
}

function UnknownView() {
  return (
    <DeadEnd title="There is no such song">
      <p>
        It was deleted, or it belongs to another browser, or the address lost a piece on its way.
      </p>
    </DeadEnd>
  );
}

function OfflineView({ again }: { again: () => void }) {
  return (
    <DeadEnd
      title="The service does not answer"
      isWaiting
      actions={
        <Button look="primary" onClick={again}>
          Try again
        </Button>
      }
    >
      <p>Your song is safe. Is DrumScribe still running, and is the network there?</p>
    </DeadEnd>
  );
}
