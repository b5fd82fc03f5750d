"use client";

import { useSearchParams } from "next/navigation";
import type { ComponentType, ReactNode } from "react";
import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { ApiProblem } from "@/api/problem";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";
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
  useLanguage();
  const jobId = useSearchParams().get("id") ?? "";
  if (!UUID.test(jobId)) return <UnknownView />;
  return <KnownJobView key={jobId} jobId={jobId} Workspace={Workspace} />;
}

function KnownJobView({ jobId, Workspace }: { jobId: string } & JobViewProps) {
  // Known only after the job is; both ask the same cache.
  const first = useJob(jobId, { isLive: true });
  const isLive = useJobEvents(jobId, first.data);
  const { data: job, error, refetch, failureCount } = useJob(jobId, { isLive });
  const result = useResult(jobId, { enabled: job?.status === "completed" });

  return (
    <>
      <title>{job ? titleOf(job) : "DrumScribe"}</title>
      {shown()}
    </>
  );

  function shown(): ReactNode {
    // It may have been deleted since it was seen last.
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) {
      return <UnknownView />;
    }
    if (!job) {
      if (error) return <OfflineView again={() => void refetch()} />;
      return <LoadingView words={say("job.looking")} />;
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
    return <LoadingView words={say("job.loading_score")} />;
  }
}

function titleOf(job: JobStatus): string {
  const title = job.title || say("common.untitled");
  return `${isOver(job.status) ? title : `${job.progress} % ${title}`} | DrumScribe`;
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
    <DeadEnd title={say("job.no_such_song")}>
      <p>
        {say("job.no_such_song_help")}
      </p>
    </DeadEnd>
  );
}

function OfflineView({ again }: { again: () => void }) {
  return (
    <DeadEnd
      title={say("common.no_answer")}
      isWaiting
      actions={
        <Button look="primary" onClick={again}>
          {say("common.try_again")}
        </Button>
      }
    >
      <p>{say("job.no_answer_help")}</p>
    </DeadEnd>
  );
}
