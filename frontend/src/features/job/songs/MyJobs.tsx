"use client";

import { useEffect, useState } from "react";
import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { EVERYTHING, findSongs, needsAll, tagsOf, type Wanted } from "./findSongs";
import { SetLists } from "./SetLists";
import { JobRow } from "./JobRow";
import { SongTools } from "./SongTools";
import { NotDeleted } from "../NotDeleted";
import { useJobs } from "../queries";
import { useDeleteJob } from "../useDeleteJob";

/** The songs of this browser, newest first. */
export function MyJobs() {
  const jobs = useJobs();
  const all = jobs.data?.pages.flatMap((page) => page.jobs);
  const [wanted, setWanted] = useState<Wanted>(EVERYTHING);
  const shown = all && findSongs(all, wanted);
  const [doomed, setDoomed] = useState<JobStatus | null>(null);
  const remove = useDeleteJob();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = jobs;
  const isLooking = needsAll(wanted) && hasNextPage && !isFetchNextPageError;
  useEffect(() => {
    // What is looked for may be among the oldest.
    if (isLooking && !isFetchingNextPage) void fetchNextPage();
  }, [isLooking, isFetchingNextPage, fetchNextPage]);
  return (
    <section id="songs" aria-labelledby="songs-title" className="scroll-mt-6">
      <h2 id="songs-title" className="text-2xl font-semibold">
        My songs
      </h2>
      <NotDeleted error={remove.error} />
      {all && shown ? (
        all.length === 0 ? (
          <p className="mt-3 max-w-prose text-ink-soft">
            Nothing here yet. Songs that you hand in stay with this browser until they are deleted.
          </p>
        ) : (
          <>
            <SongTools wanted={wanted} tags={tagsOf(all)} onWanted={setWanted} />
            {shown.length === 0 ? (
              <p role="status" className="mt-4 text-ink-soft">
                {isLooking ? "Looking through the older songs." : "No song is like that."}
              </p>
            ) : null}
            <ul className="mt-4 divide-y divide-line overflow-hidden rounded-3xl border border-line bg-stand empty:hidden">
              {shown.map((job) => (
                <JobRow key={job.job_id} job={job} onDelete={() => setDoomed(job)} />
              ))}
            </ul>
            {hasNextPage && !isLooking ? (
              <div className="mt-4 flex items-center gap-4">
                <Button
                  disabled={isFetchingNextPage}
                  onClick={() => void fetchNextPage()}
                >
                  Show older songs
                </Button>
                {isFetchNextPageError ? (
                  <p role="status" className="text-ink-soft">
                    They did not come. Press again.
                  </p>
                ) : null}
              </div>
            ) : null}
            <SetLists songs={all} />
          </>
        )
      ) : jobs.error ? (
        <p className="mt-3 text-ink-soft">
          Your songs cannot be shown while the service does not answer.{" "}
          <button
            type="button"
            className="cursor-pointer underline underline-offset-4"
            onClick={() => void jobs.refetch()}
          >
            Look again
          </button>
        </p>
      ) : (
        <p className="mt-3 text-ink-faint">Looking for your songs.</p>
      )}
      {doomed ? (
        <ConfirmDialog
          title={isOver(doomed.status) ? `Delete “${doomed.title}”?` : `Cancel “${doomed.title}”?`}
          confirmLabel={isOver(doomed.status) ? "Delete it" : "Cancel the song"}
          keepLabel={isOver(doomed.status) ? "Keep it" : "Keep going"}
          onClose={() => setDoomed(null)}
          onConfirm={() => {
            remove.mutate(doomed.job_id);
            setDoomed(null);
          }}
        >
          {isOver(doomed.status)
            ? "Page, recording and your corrections are gone then."
            : "The work done so far is lost."}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
