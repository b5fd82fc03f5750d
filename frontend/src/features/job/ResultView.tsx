"use client";

import { useRouter } from "next/navigation";
import { Suspense, useState, type ComponentType, type ReactNode } from "react";
import type { JobResult, JobStatus } from "@/api/client";
import { useLimits } from "@/api/limits";
import type { Refinement } from "@/api/jobStates";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { clockTime, decimal, until } from "@/lib/format";
import { type BeatUnit, writtenMetre, writtenTempo } from "@/music/metre";
import { doubtfulIds, roundly } from "@/music/review";
import { say, type PlainKey } from "@/words";
import { AllDownloads, MainDownloads } from "./Downloads";
import { CopyOffer } from "./CopyOffer";
import { HitChart } from "./HitChart";
import { KeepButton } from "./KeepButton";
import { NotDeleted } from "./NotDeleted";
import { RefineButton } from "./RefineButton";
import { ShareButton } from "./ShareButton";
import { useDeleteJob } from "./useDeleteJob";
import { Warnings } from "./Warnings";

export interface WorkspaceProps {
  jobId: string;
  result: JobResult;
  /** Whoever has only the link sees and plays; the owner corrects. */
  canEdit: boolean;
  refinement: Refinement | null;
  /** Below the title of the song, for what changes it. */
  titleRoom: HTMLElement | null;
}

/** A finished song: what was heard, the page, and everything to take home. */
export function ResultView({
  job, result, Workspace,
}: { job: JobStatus; result: JobResult; Workspace: ComponentType<WorkspaceProps> }) {
  const router = useRouter();
  const [isAsking, setIsAsking] = useState(false);
  const [titleRoom, setTitleRoom] = useState<HTMLElement | null>(null);
  const { artist } = result.settings;
  const isShared = useLimits().data?.share_by_link;
  const remove = useDeleteJob(() => router.push("/"));
  return (
    <article className="pt-2 sm:pt-4 print:p-0">
      <header className="print:hidden flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div className="min-w-0">
          <h1 className="text-3xl font-bold tracking-tight break-words sm:text-4xl">
            {result.title || say("common.untitled")}
          </h1>
          {artist ? <p className="text-xl break-words text-ink-soft">{artist}</p> : null}
          {/* Its room is kept: what lies below stays where it is. */}
          {job.is_own ? <div ref={setTitleRoom} className="min-h-11" /> : null}
          <Facts result={result} />
        </div>
        <div className="flex flex-wrap justify-end gap-2 max-sm:justify-start">
          <MainDownloads downloads={result.downloads} version={result.version} />
          {/* Its place is kept until it is known whether links share songs here. */}
          {isShared === undefined ? <Button className="invisible px-4">{say("share.share")}</Button> : null}
          {isShared ? <ShareButton title={result.title} /> : null}
        </div>
      </header>
      {job.is_own ? null : <CopyOffer job={job} />}
      <Warnings result={result} job={job} />

      <div className="workspace-room mt-5 print:m-0">
        <Suspense fallback={<p className="py-20 text-center text-ink-soft">{say("job.loading_score")}</p>}>
          <Workspace
            jobId={job.job_id}
            result={result}
            canEdit={job.is_own}
            refinement={job.refinement}
            titleRoom={titleRoom}
          />
        </Suspense>
      </div>

      <div className="print:hidden mt-14 grid gap-x-16 gap-y-12 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
        <section aria-labelledby="hits-title">
          <h2 id="hits-title" className="mb-3 text-2xl font-semibold">
            {say("result.what_is_played")}
          </h2>
          <HitChart summary={result.hit_summary} />
        </section>
        <section aria-labelledby="files-title">
          <h2 id="files-title" className="mb-3 text-2xl font-semibold">
            {say("files.title")}
          </h2>
          <AllDownloads downloads={result.downloads} version={result.version} />
          {result.separated ? null : (
            <div className="mt-4 flex flex-wrap gap-2">
              <p className="basis-full text-sm text-ink-faint">
                {say("result.no_backing")}
              </p>
              {job.is_own ? <RefineButton job={job} /> : null}
            </div>
          )}
        </section>
      </div>

      <footer className="print:hidden mt-14 flex flex-wrap items-center justify-between gap-x-8 gap-y-4 border-t border-line pt-5 text-sm text-ink-faint">
        <p>
          {job.expires_at ? say("result.kept", { until: until(job.expires_at) }) : say("result.kept_for_good")}{" "}
          {heardBy(result)}
        </p>
        {job.is_own ? (
          <div className="flex flex-wrap gap-2">
            <KeepButton job={job} />
            <Button look="bare" onClick={() => setIsAsking(true)} disabled={remove.isPending}>
              {say("result.delete")}
            </Button>
          </div>
        ) : null}
      </footer>
      <NotDeleted error={remove.error} />
      {isAsking ? (
        <ConfirmDialog
          title={say("common.delete_title", { title: result.title })}
          confirmLabel={say("common.delete_it")}
          keepLabel={say("common.keep_it")}
          onClose={() => setIsAsking(false)}
          onConfirm={() => {
            setIsAsking(false);
            remove.mutate(job.job_id);
          }}
        >
          {say("common.all_gone")}
        </ConfirmDialog>
      ) : null}
    </article>
  );
}

function Facts({ result }: { result: JobResult }) {
  const { unit, perMinute } = writtenTempo(result);
  const beatsPerMinute = Math.round(perMinute);
  return (
    <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-1 text-lg text-ink-soft">
      <Fact name={say("music.tempo")}>
        <span aria-label={say("result.per_minute", { beats: beatsPerMinute, unit: say(BEAT_WORDS[unit]) })} role="text">
          <BeatNote unit={unit} /> = {beatsPerMinute}
        </span>
      </Fact>
      <Fact name={say("music.metre")}>{writtenMetre(result)}</Fact>
      <Fact name={say("result.length")}>{clockTime(result.duration_seconds)}</Fact>
      <Fact name={say("result.to_check")}>{checkWords(result)}</Fact>
      {result.is_edited ? <Fact name={say("result.state")}>{say("result.corrected")}</Fact> : null}
    </dl>
  );
}

function heardBy({ model_version: model, compute_time_ms: milliseconds }: JobResult): string | null {
  if (!model) return null;
  if (milliseconds === null) return say("result.heard_by", { model });
  return say("result.heard_by_in", { model, seconds: decimal(milliseconds / 1000, 1) });
}

/** How much work is left, in notes: a mean of certainties tells nobody what to do. */
function checkWords(result: JobResult): string {
  const count = doubtfulIds(result, result.hits).size;
  if (count === 0) return say("result.nothing_to_check");
  return say("result.check_some", { count: roundly(count), total: result.hits.length });
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="sr-only">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}

const BEAT_WORDS: Readonly<Record<BeatUnit, PlainKey>> = {
  half: "music.beats.half",
  quarter: "music.beats.quarter",
  "dotted quarter": "music.beats.dotted_quarter",
  eighth: "music.beats.eighth",
};

function BeatNote({ unit }: { unit: BeatUnit }) {
  return (
    <svg viewBox="0 0 17 24" className="inline-block h-[1.15em] align-[-0.12em]" aria-hidden="true">
      <ellipse
        cx="4.6"
        cy="20"
        rx="4"
        ry="2.9"
        transform="rotate(-20 4.6 20)"
        fill={unit === "half" ? "none" : "currentColor"}
        stroke="currentColor"
        strokeWidth="1"
      />
      <line x1="8.6" x2="8.6" y1="19" y2="2" stroke="currentColor" strokeWidth="1.3" />
      {unit === "eighth" ? (
        <path d="M8.6 2c.6 4 5 4.5 4 10" fill="none" stroke="currentColor" strokeWidth="1.6" />
      ) : null}
      {unit === "dotted quarter" ? <circle cx="13.5" cy="19" r="1.7" fill="currentColor" /> : null}
    </svg>
  );
}
