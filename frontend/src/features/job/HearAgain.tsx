"use client";

import { useState } from "react";
import type { components, JobStatus } from "@/api/client";
import { useLimits } from "@/api/limits";
import { Button } from "@/components/ui/Button";
import { clockTime, durationWords, fileSize, readClock } from "@/lib/format";
import { say } from "@/words";
import { useHearAgain, type OtherWishes } from "./useHearAgain";

type Limits = components["schemas"]["LimitsOut"];

interface AgainButtonProps {
  jobId: string;
  wishes: OtherWishes;
  words: string;
  look?: "primary" | "quiet";
  replaces?: boolean;
}

/** Has the same recording heard differently; what keeps it from that stands beside it. */
export function AgainButton({ jobId, wishes, words, look = "quiet", replaces = false }: AgainButtonProps) {
  const again = useHearAgain();
  return (
    <>
      <Button
        look={look}
        disabled={again.isPending}
        onClick={() => again.mutate({ jobId, wishes, replaces })}
      >
        {words}
      </Button>
      {again.error ? (
        <p role="alert" className="basis-full text-alarm">
          {again.error.message}
        </p>
      ) : null}
    </>
  );
}

/** What the first use fetches: its size, and under which terms it may be used. */
export function DownloadOffer({ limits }: { limits: Limits }) {
  return limits.separation === "after_download"
    ? say("again.download", { size: fileSize(limits.separation_download_bytes) })
    : null;
}

/** A recording in which nothing was heard: once more, with the drums taken out of the mix first. */
export function DrumsAloneButton({ jobId }: { jobId: string }) {
  const { data: limits } = useLimits();
  if (!limits || limits.separation === "off") return null;
  return (
    <>
      <AgainButton
        jobId={jobId}
        wishes={{ separation: "always" }}
        words={say("again.drums_alone")}
        replaces
      />
      <p className="basis-full text-sm text-ink-faint">
        {say("again.drums_alone_help")} <DownloadOffer limits={limits} />
      </p>
    </>
  );
}

/** Which part of a recording that is too long. */
export function PartForm({ job }: { job: JobStatus }) {
  const { data: limits } = useLimits();
  const longest = limits?.max_duration_seconds ?? null;
  const [start, setStart] = useState("0:00");
  const [end, setEnd] = useState("");
  const again = useHearAgain();
  const from = readClock(start);
  const to = readClock(end || (from !== null && longest !== null ? clockTime(from + longest) : ""));
  const isPossible = from !== null && to !== null && to > from;
  const field = "min-h-11 w-24 rounded-lg border border-line-strong bg-page px-3 text-ink";
  return (
    <form
      className="mt-5 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPossible) return;
        again.mutate({
          jobId: job.job_id,
          wishes: { start_seconds: from, end_seconds: to },
          replaces: true,
        });
      }}
    >
      <label className="grid gap-1">
        {say("again.from")}
        <input className={field} value={start} onChange={(event) => setStart(event.target.value)} />
      </label>
      <label className="grid gap-1">
        {say("again.to")}
        <input
          className={field}
          value={end}
          placeholder={from !== null && longest !== null ? clockTime(from + longest) : "5:00"}
          onChange={(event) => setEnd(event.target.value)}
        />
      </label>
      <Button type="submit" look="primary" disabled={!isPossible || again.isPending}>
        {say("again.hear_part")}
      </Button>
      <p className="basis-full text-sm text-ink-faint">
        {longest === null
          ? say("again.clock")
          : say("again.clock_up_to", { length: durationWords(longest) })}
      </p>
      {again.error ? (
        <p role="alert" className="basis-full text-alarm">
          {again.error.message}
        </p>
      ) : null}
    </form>
  );
}
