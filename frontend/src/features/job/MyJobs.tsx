"use client";

import Link from "next/link";
import { useState } from "react";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { Notice } from "@/components/ui/Notice";
import { clockTime, counted, longAgo, until } from "@/lib/format";
import { jobAddress } from "@/lib/address";
import { KeepButton } from "./KeepButton";
import { isOver, useJobs } from "./queries";
import { failureWords, statusWords } from "./words";
import { useDeleteJob } from "./useDeleteJob";

/** The songs of this browser, newest first. */
export function MyJobs() {
  const jobs = useJobs();
  const shown = jobs.data?.pages.flatMap((page) => page.jobs);
  const [doomed, setDoomed] = useState<JobStatus | null>(null);
  const remove = useDeleteJob();
  return (
    <section id="songs" aria-labelledby="songs-title" className="scroll-mt-6">
      <h2 id="songs-title" className="text-2xl font-semibold">
        My songs
      </h2>
      {remove.error ? (
        <div className="mt-4">
          <Notice kind="alarm" title="The song was not deleted">
            {remove.error.message}
          </Notice>
        </div>
      ) : null}
      {shown ? (
        shown.length === 0 ? (
          <p className="mt-3 max-w-prose text-ink-soft">
            Nothing here yet. Songs that you hand in stay with this browser until they are deleted.
          </p>
        ) : (
          <>
            <ul className="mt-4 divide-y divide-line overflow-hidden rounded-3xl border border-line bg-stand">
              {shown.map((job) => (
                <JobRow key={job.job_id} job={job} onDelete={() => setDoomed(job)} />
              ))}
            </ul>
            {jobs.hasNextPage ? (
              <div className="mt-4 flex items-center gap-4">
                <Button
                  disabled={jobs.isFetchingNextPage}
                  onClick={() => void jobs.fetchNextPage()}
                >
                  Show older songs
                </Button>
                {jobs.isFetchNextPageError ? (
                  <p role="status" className="text-ink-soft">
                    They did not come. Press again.
                  </p>
                ) : null}
              </div>
            ) : null}
          </>
        )
      ) : jobs.error ? (
        <p className="mt-3 text-ink-soft">
          Your songs cannot be shown while the service does not answer.{" "}
          <button
            type="button"
            className="cursor-pointer underline underline-offset-4"
            onClick={() => void jobs.refetch()}
          >
            Look again
          </button>
        </p>
      ) : (
        <p className="mt-3 text-ink-faint">Looking for your songs.</p>
      )}
      {doomed ? (
        <ConfirmDialog
          title={isOver(doomed.status) ? `Delete “${doomed.title}”?` : `Cancel “${doomed.title}”?`}
          confirmLabel={isOver(doomed.status) ? "Delete it" : "Cancel the song"}
          keepLabel={isOver(doomed.status) ? "Keep it" : "Keep going"}
          onClose={() => setDoomed(null)}
          onConfirm={() => {
            remove.mutate(doomed.job_id);
            setDoomed(null);
          }}
        >
          {isOver(doomed.status)
            ? "Page, recording and your corrections are gone then."
            : "The work done so far is lost."}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}

function JobRow({ job, onDelete }: { job: JobStatus; onDelete: () => void }) {
  return (
    <li className="relative flex items-center gap-4 px-5 py-3 hover:bg-page">
      <StatusDot job={job} />
      <div className="min-w-0 flex-1">
        <Link
          href={jobAddress(job.job_id)}
          prefetch={false}
          className="block truncate text-lg font-semibold after:absolute after:inset-0"
        >
          {job.title || "Untitled"}
        </Link>
        <p className="truncate text-sm text-ink-soft">{about(job)}</p>
      </div>
      <time dateTime={job.created_at} className="hidden text-sm text-ink-faint sm:block">
        {longAgo(job.created_at)}
      </time>
      <KeepButton job={job} className="relative px-3 text-sm" />
      <Button
        look="bare"
        className="relative px-3 text-sm"
        onClick={onDelete}
        aria-label={`${isOver(job.status) ? "Delete" : "Cancel"} ${job.title || "Untitled"}`}
      >
        {isOver(job.status) ? "Delete" : "Cancel"}
      </Button>
    </li>
  );
}

function about(job: JobStatus): string {
  if (job.status === "failed") return failureWords(job).title;
  if (job.status !== "completed") {
    return isOver(job.status) ? statusWords(job.status) : `${statusWords(job.status)}, ${job.progress} %`;
  }
  const hits = Object.values(job.hit_summary ?? {}).reduce((sum, count) => sum + count, 0);
  return [
    job.duration_seconds === null ? null : clockTime(job.duration_seconds),
    // The page's tempo: what was given, else what was found.
    job.detected_bpm === null ? null : `${Math.round(job.bpm ?? job.detected_bpm)} BPM`,
    counted(hits, "note"),
    job.is_edited ? "corrected" : null,
    job.expires_at === null ? null : `kept ${until(job.expires_at)}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function StatusDot({ job }: { job: JobStatus }) {
  const colour =
    job.status === "completed"
      ? "var(--done)"
      : job.status === "failed"
        ? "var(--alarm)"
        : job.status === "cancelled"
          ? "var(--line-strong)"
          : "var(--bronze-bright)";
  const fraction = isOver(job.status) ? 1 : Math.max(0.04, job.progress / 100);
  return (
    <svg viewBox="0 0 24 24" className="size-6 shrink-0 -rotate-90" aria-hidden="true">
      <circle cx="12" cy="12" r="9" fill="none" stroke="var(--line)" strokeWidth="4" />
      <circle
        cx="12"
        cy="12"
        r="9"
        fill="none"
        stroke={colour}
        strokeWidth="4"
        pathLength="1"
        strokeDasharray={`${fraction} 1`}
      />
    </svg>
  );
}
