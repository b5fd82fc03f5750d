"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import type { JobStatus } from "@/api/client";
import { Button, ButtonLink } from "@/components/ui/Button";
import { say } from "@/words";
import { RichWords } from "@/words/RichWords";
import { AgainButton, DrumsAloneButton, PartForm } from "./HearAgain";
import { useDeleteJob } from "./useDeleteJob";
import { failureHelp } from "./failureHelp";
import { failureTitle } from "./words";

/** A view that says why there is no page, and what to do instead. */
export function DeadEnd({
  over,
  title,
  children,
  actions,
  isWaiting = false,
}: {
  over?: string | undefined;
  title: string;
  children: ReactNode;
  actions?: ReactNode;
  /** There is something better to do than to start anew. */
  isWaiting?: boolean;
}) {
  return (
    <section className="mx-auto max-w-2xl pt-10 sm:pt-20">
      <RestSign />
      {over ? <p className="mt-6 break-words text-ink-soft">{over}</p> : null}
      <h1 className={`${over ? "" : "mt-6"} text-3xl font-bold tracking-tight sm:text-4xl`}>{title}</h1>
      <div className="mt-3 max-w-prose text-lg text-ink-soft">{children}</div>
      <div className="mt-8 flex flex-wrap gap-2">
        <ButtonLink href="/" look={isWaiting ? "quiet" : "primary"}>
          {say("ended.another")}
        </ButtonLink>
        {actions}
      </div>
    </section>
  );
}

/** A whole rest on its staff: nothing is played here. */
function RestSign() {
  return (
    <svg viewBox="0 0 120 50" className="h-14" aria-hidden="true">
      {[5, 15, 25, 35, 45].map((y) => (
        <line key={y} x1="0" x2="120" y1={y} y2={y} stroke="var(--line-strong)" strokeWidth="1.2" />
      ))}
      <rect x="48" y="15" width="24" height="6" fill="var(--bronze)" />
    </svg>
  );
}

export function FailedView({ job }: { job: JobStatus }) {
  // Who only has the link can have nothing heard again.
  const code = job.is_own ? job.error?.code : undefined;
  return (
    <DeadEnd
      over={job.title}
      title={failureTitle(job)}
      isWaiting={code === "truncated_audio"}
      actions={
        <>
          {code === "truncated_audio" ? (
            <AgainButton
              jobId={job.job_id}
              wishes={{ accept_damaged: true }}
              words={say("ended.take_what_is_there")}
              look="primary"
              replaces
            />
          ) : null}
          {code === "no_drums_found" ? <DrumsAloneButton jobId={job.job_id} /> : null}
          <ForgetButton job={job} />
        </>
      }
    >
      <p>{failureHelp(job)}</p>
      {code === "audio_too_long" ? <PartForm job={job} /> : null}
      {job.error ? (
        <p className="mt-4 text-sm text-ink-faint">
          <RichWords
            message="ended.for_admin"
            values={{ code: job.error.code, song: job.job_id }}
            parts={[<code key="code" />, <code key="song" className="break-all" />]}
          />
        </p>
      ) : null}
    </DeadEnd>
  );
}

export function CancelledView({ job }: { job: JobStatus }) {
  return (
    <DeadEnd over={job.title} title={say("ended.cancelled")} actions={<ForgetButton job={job} />}>
      <p>{say("ended.cancelled_help")}</p>
    </DeadEnd>
  );
}

export function ExpiredView({ job }: { job: JobStatus }) {
  return (
    <DeadEnd over={job.title} title={say("ended.expired")} actions={<ForgetButton job={job} />}>
      <p>
        {say("ended.expired_help")}
      </p>
    </DeadEnd>
  );
}

function ForgetButton({ job }: { job: JobStatus }) {
  const router = useRouter();
  const remove = useDeleteJob(() => router.push("/"));
  if (!job.is_own) return null;
  return (
    <Button disabled={remove.isPending} onClick={() => remove.mutate(job.job_id)}>
      {say("ended.forget")}
    </Button>
  );
}
