"use client";

import Link from "next/link";
import { lazy, Suspense, useState } from "react";
import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { Button } from "@/components/ui/Button";
import { jobAddress } from "@/lib/address";
import { clockTime, longAgo, until } from "@/lib/format";
import { say } from "@/words";
import { KeepButton } from "../KeepButton";
import { failureTitle, statusWords } from "../words";
import { tempoOf } from "./findSongs";

const SongFacts = lazy(async () => ({ default: (await import("./SongFacts")).SongFacts }));

/** One song of the list: where it is, what is known of it, what can be done. */
export function JobRow({ job, onDelete }: { job: JobStatus; onDelete: () => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const title = job.title || say("common.untitled");
  return (
    <li>
      <div className="relative flex flex-wrap items-center gap-x-4 px-5 py-3 hover:bg-page">
        <StatusDot job={job} />
        <div className="min-w-0 flex-1 basis-48">
          <Link
            href={jobAddress(job.job_id)}
            prefetch={false}
            className="block truncate text-lg font-semibold after:absolute after:inset-0"
          >
            {title}
          </Link>
          <p className="truncate text-sm text-ink-soft">
            {about(job)}
            {job.tags.map((tag) => (
              <span key={tag} className="ml-2 rounded-full bg-pad-rim px-2 py-0.5 text-ink">
                {tag}
              </span>
            ))}
          </p>
        </div>
        <time dateTime={job.created_at} className="hidden text-sm text-ink-faint sm:block">
          {longAgo(job.created_at)}
        </time>
        <div className="flex max-sm:ml-6">
          <Button
            look="bare"
            className="relative px-3 text-sm"
            aria-expanded={isOpen}
            aria-label={say("songs.details_of", { title })}
            onClick={() => setIsOpen(!isOpen)}
          >
            {say("songs.details")}
          </Button>
          <KeepButton job={job} className="relative px-3 text-sm" />
          <Button
            look="bare"
            className="relative px-3 text-sm"
            onClick={onDelete}
            aria-label={`${isOver(job.status) ? say("common.delete") : say("common.cancel")} ${title}`}
          >
            {isOver(job.status) ? say("common.delete") : say("common.cancel")}
          </Button>
        </div>
      </div>
      {isOpen ? (
        <Suspense>
          <SongFacts job={job} onDone={() => setIsOpen(false)} />
        </Suspense>
      ) : null}
    </li>
  );
}

function about(job: JobStatus): string {
  const known = facts(job);
  return job.artist ? `${job.artist}, ${known}` : known;
}

function facts(job: JobStatus): string {
  if (job.status === "failed") return failureTitle(job);
  if (job.status !== "completed") {
    return isOver(job.status) ? statusWords(job.status) : `${statusWords(job.status)}, ${job.progress} %`;
  }
  const tempo = tempoOf(job);
  const hits = Object.values(job.hit_summary ?? {}).reduce((sum, count) => sum + count, 0);
  return [
    job.duration_seconds === null ? null : clockTime(job.duration_seconds),
    tempo === null ? null : `${Math.round(tempo)} BPM`,
    say("count.notes", { count: hits }),
    job.is_edited ? say("songs.corrected") : null,
    job.expires_at === null ? null : say("songs.kept", { until: until(job.expires_at) }),
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
