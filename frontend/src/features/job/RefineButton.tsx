"use client";

import type { JobStatus } from "@/api/client";
import { useLimits } from "@/api/limits";
import { isRefining } from "@/api/jobStates";
import { useRefine } from "@/api/refinement";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import { DownloadOffer } from "./HearAgain";

/** Has the drums taken out of the mix and heard alone, into this very song, where that can be done here. */
export function RefineButton({ job }: { job: JobStatus }) {
  const { data: limits } = useLimits();
  const { begin } = useRefine(job.job_id);
  if (isRefining(job.refinement)) {
    return <p className="basis-full text-sm text-ink-faint">{say("again.running")}</p>;
  }
  if (!limits || limits.separation === "off") return null;
  return (
    <>
      <Button disabled={begin.isPending} onClick={() => begin.mutate()}>
        {say("again.drums_alone")}
      </Button>
      <p className="basis-full text-sm text-ink-faint">
        {say("again.refine_help")} <DownloadOffer limits={limits} />
      </p>
      {begin.error ? (
        <p role="alert" className="basis-full text-alarm">
          {begin.error.message}
        </p>
      ) : null}
    </>
  );
}
