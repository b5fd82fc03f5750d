import type { JobStatus } from "@/api/client";
import { problemWords } from "@/api/problem";
import { among } from "@/lib/among";
import { say } from "@/words";
import "@/words/song";
import { FAILURES } from "./words";

/** What to try after a failure. */
export function failureHelp(job: Pick<JobStatus, "error">): string {
  const code = job.error?.code ?? "";
  if (among(FAILURES, code)) return say(`ended.help.${code}`);
  const message = problemWords(code, job.error?.message ?? "");
  if (code.startsWith("link_")) return say("ended.help.link", { message });
  return message || say("ended.help.other");
}
