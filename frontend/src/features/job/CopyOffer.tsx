"use client";

import { useRouter } from "next/navigation";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { jobAddress } from "@/lib/address";
import { say } from "@/words";
import { useCopyJob } from "./useCopyJob";

/** To whoever came by a link: whose song this is, and how to have one like it. */
export function CopyOffer({ job }: { job: JobStatus }) {
  const router = useRouter();
  const copy = useCopyJob((jobId) => router.push(jobAddress(jobId)));
  return (
    <div className="mt-5 print:hidden">
      <Notice
        kind={copy.error ? "alarm" : "info"}
        title={copy.error ? say("share.not_copied") : say("share.shared_with_you")}
        actions={
          <Button look="primary" disabled={copy.isPending} onClick={() => copy.mutate(job.job_id)}>
            {copy.isPending ? say("share.copying") : say("share.make_copy")}
          </Button>
        }
      >
        {copy.error
          ? copy.error.message
          : say("share.what_you_can")}
      </Notice>
    </div>
  );
}
