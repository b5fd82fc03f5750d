"use client";

import { isRefining, type Refinement } from "@/api/jobStates";
import { useRefine } from "@/api/refinement";
import { problemWords } from "@/api/problem";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { remainingTime } from "@/lib/format";
import { say } from "@/words";
import { useRefined, type Edits } from "./useRefined";

interface RefiningNoticeProps {
  jobId: string;
  /** null where the song was never heard again, and for whoever may not change it. */
  refinement: Refinement | null;
  edits: Edits;
}

/** How it stands with hearing the drums alone, beside the score: quiet while it goes on, and what it changed. */
export function RefiningNotice({ jobId, refinement, edits }: RefiningNoticeProps) {
  const { begin, stop } = useRefine(jobId);
  const { undo, isClosed, close } = useRefined(jobId, refinement, edits);
  if (undo.isSuccess) {
    return (
      <p role="status" className="text-sm text-ink-soft print:hidden">
        {say("bring.undone")}
      </p>
    );
  }
  if (!refinement || isClosed) return null;
  if (isRefining(refinement)) {
    return <Going refinement={refinement} stop={stop} />;
  }
  const closing = <Button onClick={close}>{say("common.close")}</Button>;
  if (refinement.status === "failed") {
    const { code = "", message = "" } = refinement.error ?? {};
    return (
      <Notice
        kind="care"
        title={say("refining.failed")}
        actions={
          <>
            <Button disabled={begin.isPending} onClick={() => begin.mutate()}>
              {say("common.try_again")}
            </Button>
            {closing}
          </>
        }
      >
        {begin.error?.message ?? problemWords(code, message)} {say("refining.failed_help")}
      </Notice>
    );
  }
  if (refinement.status !== "completed") return null;
  const { added, removed } = refinement;
  return (
    <Notice
      kind={undo.error ? "alarm" : "info"}
      title={
        added || removed
          ? say("refining.done", { added: added ?? 0, removed: removed ?? 0 })
          : say("refining.done_same")
      }
      actions={
        <>
          {/* Later edits would go with it: they have an undo of their own. */}
          {refinement.can_undo && refinement.version === edits.version ? (
            <Button look="primary" disabled={undo.isPending} onClick={() => undo.mutate()}>
              {say("editor.undo")}
            </Button>
          ) : null}
          {closing}
        </>
      }
    >
      {undo.error?.message ?? say("refining.done_help")}
    </Notice>
  );
}

const DOING = {
  processing: "refining.doing.fetching",
  separating_drums: "refining.doing.separating",
  predicting: "refining.doing.hearing",
  transcribing: "refining.doing.writing",
} as const;

function doing({ status }: Refinement): string {
  return say(status in DOING ? DOING[status as keyof typeof DOING] : "refining.waiting");
}

function Going({ refinement, stop }: { refinement: Refinement; stop: ReturnType<typeof useRefine>["stop"] }) {
  const { progress, eta_seconds: left, is_stopping: isStopping } = refinement;
  const words = isStopping ? say("refining.stopping") : doing(refinement);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-2xl border border-line bg-page px-4 py-1 text-sm text-ink-soft print:hidden">
      <div
        role="progressbar"
        aria-label={say("refining.progress")}
        aria-valuenow={progress}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={words}
        className="h-1.5 w-24 overflow-hidden rounded-full bg-line"
      >
        <div className="h-full bg-bronze transition-[width]" style={{ width: `${progress}%` }} />
      </div>
      <p className="min-w-0 grow">
        {words}
        {refinement.status === "queued" || isStopping ? null : (
          <span className="tabular-nums">
            {" "}
            {left === null
              ? `${progress} %`
              : say("refining.percent_left", { percent: progress, left: remainingTime(left) })}
          </span>
        )}
        {refinement.attempt > 1 ? ` ${say("refining.broke_off")}` : null}
      </p>
      {stop.error ? <p className="text-alarm">{say("refining.not_stopped")}</p> : null}
      <Button look="bare" className="px-4" disabled={isStopping || stop.isPending} onClick={() => stop.mutate()}>
        {say("refining.stop")}
      </Button>
    </div>
  );
}
