import type { JobResult, JobStatus } from "@/api/client";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
import { AgainButton } from "./HearAgain";
import { RefineButton } from "./RefineButton";
import { warningWords } from "./warningWords";

/** May be better with the drums taken out of the mix. */
const HARD_TO_HEAR: ReadonlySet<string> = new Set([
  "low_confidence",
  "few_hits",
  "kick_hardly_heard",
  "snare_hardly_heard",
  "cymbals_hardly_heard",
]);

/** What the reader of the page should know, and what can be done about it. */
export function Warnings({ result, job }: { result: JobResult; job: JobStatus }) {
  const { is_own: isOwn } = job;
  if (result.warnings.length === 0) return null;
  // One button is enough for all that it may help.
  const helped = result.separated || !isOwn ? undefined : result.warnings.find((code) => HARD_TO_HEAR.has(code));
  return (
    <div className="mt-5 grid gap-3 md:grid-cols-2 print:hidden">
      {result.warnings.map((warning) => {
        const detail = result.warning_details.find(({ code }) => code === warning);
        const { title, help } = warningWords(warning, detail?.message);
        return (
          <Notice
            key={warning}
            kind="care"
            title={title}
            actions={
              warning === "several_tracks" && isOwn ? (
                detail?.choices?.map((track) => (
                  <AgainButton
                    key={track}
                    jobId={result.job_id}
                    wishes={{ audio_track: track }}
                    words={say("again.hear_track", { track })}
                  />
                ))
              ) : warning === helped ? (
                <RefineButton job={job} />
              ) : null
            }
          >
            {help}
          </Notice>
        );
      })}
    </div>
  );
}
