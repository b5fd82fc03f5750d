import type { JobStatus, WireStatus } from "@/api/client";
import { among } from "@/lib/among";
import { say, type PlainKey } from "@/words";

/** A job's stage, as a musician would say it. */
export const STAGES = [
  { status: "processing", from: 0, to: 10, name: "stages.listening", doing: "stages.listening_doing" },
  {
    status: "separating_drums",
    from: 10,
    to: 60,
    name: "stages.alone",
    doing: "stages.alone_doing",
  },
  { status: "predicting", from: 60, to: 85, name: "stages.notes", doing: "stages.notes_doing" },
  { status: "transcribing", from: 85, to: 100, name: "stages.paper", doing: "stages.paper_doing" },
] as const satisfies readonly {
  status: WireStatus;
  from: number;
  to: number;
  name: PlainKey;
  doing: PlainKey;
}[];

export function statusWords(status: WireStatus): string {
  switch (status) {
    case "queued":
      return say("job.status.queued");
    case "completed":
      return say("job.status.completed");
    case "failed":
      return say("job.status.failed");
    case "cancelled":
      return say("job.status.cancelled");
    default:
      return say(STAGES.find((stage) => stage.status === status)?.doing ?? "job.status.working");
  }
}

export function queueWords(position: number | null): string | null {
  if (position === null) return null;
  if (position <= 1) return say("job.queue.next");
  return say("job.queue.before", { count: position - 1 });
}

/** Errors of a job that are told in words of the page. */
export const FAILURES = [
  "not_audio", "truncated_audio", "audio_too_short", "audio_too_long", "sample_rate_too_low",
  "silent_audio", "invalid_samples", "no_drums_found", "worker_lost", "step_timeout",
  "link_private", "link_removed", "link_bot_check", "link_live", "engraving_failed",
] as const; // prettier-ignore

/** Why a job failed. */
export function failureTitle(job: Pick<JobStatus, "error">): string {
  const code = job.error?.code ?? "";
  if (among(FAILURES, code)) return say(`failures.${code}`);
  return say(code.startsWith("link_") ? "failures.link" : "failures.other");
}
