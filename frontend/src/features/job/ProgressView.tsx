"use client";

import { useState } from "react";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { Notice } from "@/components/ui/Notice";
import { remainingTime } from "@/lib/format";
import { say } from "@/words";
import { NotCancelled } from "./NotDeleted";
import { StaffProgress } from "./StaffProgress";
import { useCancelJob } from "./useCancelJob";
import { queueWords, STAGES, statusWords } from "./words";

/** A job that has not ended. */
export function ProgressView({ job, isLate }: { job: JobStatus; isLate: boolean }) {
  const [isAsking, setIsAsking] = useState(false);
  const cancel = useCancelJob();
  const isQueued = job.status === "queued";
  return (
    <section className="mx-auto max-w-3xl pt-8 sm:pt-16">
      <p className="text-ink-soft">{isQueued ? say("job.handed_in") : say("job.being_written")}</p>
      <h1 className="text-3xl font-bold tracking-tight break-words sm:text-5xl">
        {job.title || say("common.untitled")}
      </h1>
      <div className="mt-8 rounded-3xl border border-line bg-page px-4 py-6 sm:px-8">
        <div
          role="progressbar"
          aria-label={say("job.progress")}
          aria-valuenow={job.progress}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuetext={say("job.progress_text", { stage: statusWords(job.status), percent: job.progress })}
        >
          <StaffProgress className="max-sm:hidden" progress={job.progress} isRunning={!isQueued} />
          <StaffProgress
            className="sm:hidden"
            progress={job.progress}
            isRunning={!isQueued}
            firstBar={job.progress < STAGES[1].to ? 0 : 2}
            bars={2}
          />
        </div>
        <div className="mt-5 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
          <p className="font-display text-xl font-semibold" aria-live="polite">
            {statusWords(job.status)}
          </p>
          <p className="text-ink-soft tabular-nums">
            {isQueued
              ? (queueWords(job.queue_position) ?? say("job.starts_soon"))
              : say("job.percent_left", {
                  percent: job.progress,
                  left: job.eta_seconds === null ? say("job.too_early") : remainingTime(job.eta_seconds),
                })}
          </p>
        </div>
      </div>
      {job.attempt > 1 ? (
        <p className="mt-4 text-sm text-ink-faint">
          {say("job.broke_off", { attempt: job.attempt })}</p>
      ) : null}
      {isLate ? (
        <div className="mt-4">
          <Notice kind="care" title={say("common.no_answer")}>
            {say("job.late_help")}
          </Notice>
        </div>
      ) : null}
      <div className="mt-6 flex flex-wrap items-center gap-x-5 gap-y-3">
        {job.is_own ? (
          <>
            <Button onClick={() => setIsAsking(true)} disabled={cancel.isPending}>
              {say("common.cancel")}
            </Button>
            <p className="text-sm text-ink-faint">
              {say("job.may_close")}
            </p>
          </>
        ) : null}
      </div>
      <NotCancelled error={cancel.error} />
      {isAsking ? (
        <ConfirmDialog
          title={say("job.cancel_this")}
          confirmLabel={say("common.cancel_song")}
          keepLabel={say("common.keep_going")}
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            cancel.mutate(job.job_id);
          }}
        >
          {say("common.work_lost")}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
