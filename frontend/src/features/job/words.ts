import type { JobStatus, WireStatus } from "@/api/client";
import { problemWords } from "@/api/problem";
import { say, shownLanguage, type PlainKey } from "@/words";

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

/** Warnings whose help is the same: listen again. */
const HARDLY_HEARD = ["few_hits", "kick_hardly_heard", "snare_hardly_heard", "cymbals_hardly_heard"] as const;
const WITH_HELP = ["low_confidence", "bpm_unreliable"] as const;
const WITH_DETAIL = ["several_tracks", "tempo_does_not_fit"] as const;
const WITH_BOTH = ["sound_missing", "phase_inverted"] as const;

const among = <Code extends string>(codes: readonly Code[], code: string): code is Code =>
  (codes as readonly string[]).includes(code);

/** Warnings of a result: what is meant and what to do. details: the service's own words, in English. */
export function warningWords(warning: string, details = ""): { title: string; help: string } {
  // The service's sentence has figures in it, but speaks English only.
  const detail = (code: (typeof WITH_DETAIL | typeof WITH_BOTH)[number]) =>
    details && shownLanguage() === "en" ? details : say(`warnings.${code}_detail`);
  if (among(HARDLY_HEARD, warning)) {
    return { title: say(`warnings.${warning}`), help: say("warnings.listen_again") };
  }
  if (among(WITH_HELP, warning)) {
    return { title: say(`warnings.${warning}`), help: say(`warnings.${warning}_help`) };
  }
  if (among(WITH_DETAIL, warning)) return { title: say(`warnings.${warning}`), help: detail(warning) };
  if (among(WITH_BOTH, warning)) {
    const help = say(`warnings.${warning}_help`, { details: detail(warning) });
    return { title: say(`warnings.${warning}`), help };
  }
  return { title: say("warnings.note"), help: details || warning.replaceAll("_", " ") };
}

/** Errors of a job that are told in words of the page. */
const FAILURES = [
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

/** What to try after that; with the words of the song page only. */
export function failureHelp(job: Pick<JobStatus, "error">): string {
  const code = job.error?.code ?? "";
  if (among(FAILURES, code)) return say(`ended.help.${code}`);
  const message = problemWords(code, job.error?.message ?? "");
  if (code.startsWith("link_")) return say("ended.help.link", { message });
  return message || say("ended.help.other");
}
