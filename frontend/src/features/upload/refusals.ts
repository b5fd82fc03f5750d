import type { ApiProblem } from "@/api/problem";
import { say } from "@/words";
import "@/words/form";
import "@/words/jobs";

/** Why a song was not taken, and what to do about it. */
export function refusalWords(problem: ApiProblem): { title: string; help: string } {
  switch (problem.code) {
    case "quota_exceeded":
      return {
        title: say("refusals.quota_exceeded"),
        help: say("refusals.quota_exceeded_help", { message: problem.message }),
      };
    case "rate_limited":
      return { title: say("refusals.rate_limited"), help: say("refusals.rate_limited_help") };
    case "payload_too_large":
      return { title: say("refusals.payload_too_large"), help: problem.message };
    case "not_audio":
      return {
        title: say("failures.not_audio"),
        help: say("refusals.not_audio_help", { message: problem.message }),
      };
    case "unsupported_link":
      return {
        title: say("refusals.unsupported_link"),
        help: say("refusals.unsupported_link_help"),
      };
    case "links_disabled":
      return { title: say("refusals.links_disabled"), help: say("refusals.links_disabled_help") };
    case "storage_full":
      return {
        title: say("refusals.storage_full"),
        help: say("refusals.storage_full_help"),
      };
    case "not_authenticated":
      return {
        title: say("refusals.not_authenticated"),
        help: say("refusals.not_authenticated_help"),
      };
    case "bad_answer":
      return {
        title: say("refusals.bad_answer"),
        help: say("refusals.bad_answer_help"),
      };
    default:
      return { title: say("refusals.other"), help: problem.message };
  }
}
