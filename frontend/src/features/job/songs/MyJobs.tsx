"use client";

import { useEffect, useState } from "react";
import type { JobStatus } from "@/api/client";
import { isOver } from "@/api/jobStates";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { say } from "@/words";
import "@/words/songs";
import { useLanguage } from "@/words/WordsProvider";
import { EVERYTHING, findSongs, needsAll, tagsOf, type Wanted } from "./findSongs";
import { SetLists } from "./SetLists";
import { JobRow } from "./JobRow";
import { SongTools } from "./SongTools";
import { NotCancelled, NotDeleted } from "../NotDeleted";
import { useJobs } from "../queries";
import { useCancelJob } from "../useCancelJob";
import { useDeleteJob } from "../useDeleteJob";

/** The songs of this browser, newest first, and the set lists made of them. */
export function MyJobs() {
  useLanguage();
  const jobs = useJobs();
  const all = jobs.data?.pages.flatMap((page) => page.jobs);
  const [wanted, setWanted] = useState<Wanted>(EVERYTHING);
  const shown = all && findSongs(all, wanted);
  const [doomed, setDoomed] = useState<JobStatus | null>(null);
  const remove = useDeleteJob();
  const cancel = useCancelJob();
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = jobs;
  const isLooking = needsAll(wanted) && hasNextPage && !isFetchNextPageError;
  useEffect(() => {
    // What is looked for may be among the oldest.
    if (isLooking && !isFetchingNextPage) void fetchNextPage();
  }, [isLooking, isFetchingNextPage, fetchNextPage]);
  return (
    <>
      <NotDeleted error={remove.error} />
      <NotCancelled error={cancel.error} />
      {all && shown ? (
        all.length === 0 ? (
          <p className="mt-3 max-w-prose text-ink-soft">
            {say("songs.none")}
          </p>
        ) : (
          <>
            <SongTools wanted={wanted} tags={tagsOf(all)} onWanted={setWanted} />
            {shown.length === 0 ? (
              <p role="status" className="mt-4 text-ink-soft">
                {isLooking ? say("songs.looking_older") : say("songs.no_match")}
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
                  {say("songs.show_older")}
                </Button>
                {isFetchNextPageError ? (
                  <p role="status" className="text-ink-soft">
                    {say("songs.press_again")}
                  </p>
                ) : null}
              </div>
            ) : null}
            <SetLists songs={all} />
          </>
        )
      ) : jobs.error ? (
        <p className="mt-3 text-ink-soft">
          {say("common.songs_unreachable")}{" "}
          <button
            type="button"
            className="cursor-pointer underline underline-offset-4"
            onClick={() => void jobs.refetch()}
          >
            {say("songs.look_again")}
          </button>
        </p>
      ) : (
        <p className="mt-3 text-ink-faint">{say("common.looking_for_songs")}</p>
      )}
      {doomed ? (
        <ConfirmDialog
          title={say(isOver(doomed.status) ? "common.delete_title" : "songs.cancel_title", { title: doomed.title })}
          confirmLabel={isOver(doomed.status) ? say("common.delete_it") : say("common.cancel_song")}
          keepLabel={isOver(doomed.status) ? say("common.keep_it") : say("common.keep_going")}
          onClose={() => setDoomed(null)}
          onConfirm={() => {
            // What was asked, though the song may be another by now.
            (isOver(doomed.status) ? remove : cancel).mutate(doomed.job_id);
            setDoomed(null);
          }}
        >
          {isOver(doomed.status)
            ? say("common.all_gone")
            : say("common.work_lost")}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
