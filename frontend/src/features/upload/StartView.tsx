"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Suspense, useCallback, useEffect, useRef, type ReactNode } from "react";
import { jobKeys } from "@/api/keys";
import { useLimits } from "@/api/limits";
import { jobAddress } from "@/lib/address";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";
import { loadChosenForm, LongSong, ManyForm, QueueView, SongForm } from "./chosenLater";
import type { Found } from "./many/found";
import { goToQueue } from "./many/goToQueue";
import { useQueue } from "./many/QueueProvider";
import { Pad } from "./Pad";
import { PadTitle } from "./PadTitle";
import { PadWords } from "./PadWords";
import { Troubles } from "./Troubles";
import { useOnPad } from "./useOnPad";
import { useNoStrayDrops } from "./useNoStrayDrops";
import { useSubmission } from "./useSubmission";
import { WaysIn } from "./WaysIn";

/** Hand a song in; what stands below it (own songs) is given. */
export function StartView({ children }: { children?: ReactNode }) {
  useLanguage();
  useEffect(() => {
    loadChosenForm().catch(() => undefined);
  }, []);
  const router = useRouter();
  const cache = useQueryClient();
  const limits = useLimits();
  const queue = useQueue();
  const heading = useRef<HTMLHeadingElement>(null);
  const accepted = useCallback(
    (jobId: string) => {
      void cache.invalidateQueries({ queryKey: jobKeys.list });
      router.push(jobAddress(jobId));
    },
    [cache, router],
  );
  const { state, send, retry, cancel } = useSubmission(accepted);
  const { chosen, mistake, refuseFor, chooseFiles, chooseLink, chooseExample, setOptions, startOver } = useOnPad(
    limits.data,
    { changed: cancel, seen: () => heading.current?.focus() },
  );
  useNoStrayDrops();
  const isSending = state.phase === "sending";
  const fraction = isSending ? state.fraction : null;

  const takeFiles = (found: Found[]) => {
    if (isSending) refuseFor(say("start.being_sent"));
    else void chooseFiles(found);
  };
  const tryExample = async () => {
    const song = await chooseExample();
    if (song) send(song, { title: "Funk Rock" });
  };
  const song = chosen?.kind === "song" ? chosen : null;
  const many = chosen?.kind === "many" ? chosen.sifted : null;
  return (
    <div className="mx-auto max-w-[68rem]">
      <title>{say("common.page_title")}</title>
      <section className="start-grid pt-6 pb-16 lg:pt-14">
        <div className="[grid-area:pad]">
          <Pad fraction={fraction} isBusy={isSending} onFiles={takeFiles}>
            <PadWords chosen={chosen} fraction={fraction} />
          </Pad>
        </div>
        <div className="[grid-area:title]">
          <PadTitle chosen={chosen} headingRef={heading} />
        </div>
        <div className="flex flex-col gap-6 [grid-area:more]">
          <Troubles
            mistake={mistake}
            isServiceGone={limits.error !== null && !isSending}
            state={state}
            onLookAgain={() => void limits.refetch()}
            onRetry={() => void retry()}
            onStartOver={startOver}
          />
          <Suspense>
            {song && song.longSeconds !== null && limits.data && state.phase === "idle" ? (
              <LongSong seconds={song.longSeconds} mostSeconds={limits.data.max_duration_seconds} />
            ) : null}
            {song && (state.phase === "idle" || isSending) ? (
              <SongForm
                song={song.song}
                options={song.options}
                fraction={fraction}
                isPartOnly={song.longSeconds !== null}
                onOptions={setOptions}
                onSend={(said) => send(song.song, said)}
                onCancel={cancel}
                onStartOver={startOver}
              />
            ) : null}
            {many && queue ? (
              <ManyForm
                sifted={many}
                onSend={(said) => {
                  queue.add(many.songs, said);
                  startOver();
                  goToQueue();
                }}
                onStartOver={startOver}
              />
            ) : null}
          </Suspense>
          {chosen ? null : (
            <WaysIn
              limits={limits.data}
              onLink={chooseLink}
              onExample={() => void tryExample()}
              onFiles={takeFiles}
            />
          )}
        </div>
      </section>
      {queue ? (
        <Suspense>
          <QueueView queue={queue} />
        </Suspense>
      ) : null}
      {children}
    </div>
  );
}
