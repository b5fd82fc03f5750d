"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { jobAddress } from "@/lib/address";
import { jobKeys } from "@/api/keys";
import { useLimits } from "@/api/limits";
import { clockTime, counted, durationWords, fileSize } from "@/lib/format";
import { ACCEPT_WORDS, durationOf, isTooLong, refusalOf } from "./checkFile";
import { ChosenSong, PadWords } from "./ChosenSong";
import { FolderButton } from "./FolderButton";
import { LinkForm } from "./LinkForm";
import type { Found } from "./many/found";
import { useQueue } from "./many/QueueProvider";
import { goToQueue, QueueView } from "./many/QueueView";
import type { Sifted } from "./many/sift";
import { Pad } from "./Pad";
import type { Song } from "./sendSong";
import { SongForm } from "./SongForm";
import { NO_OPTIONS } from "./SongOptions";
import { Troubles } from "./Troubles";
import { useNoStrayDrops } from "./useNoStrayDrops";
import { useSubmission } from "./useSubmission";

/** Most people bring one song: what several need comes when they do. */
const loadMany = () => Promise.all([import("./many/sift"), import("./many/ManyForm")]);
const ManyForm = lazy(async () => ({ default: (await loadMany())[1].ManyForm }));

const EXAMPLE = { address: "/example/funk-rock.flac", name: "Funk Rock (example).flac" };

/** Hand a song in; what stands below it (own songs) is given. */
export function StartView({ children }: { children?: ReactNode }) {
  const router = useRouter();
  const cache = useQueryClient();
  const limits = useLimits();
  const [queue] = useQueue();
  const [song, setSong] = useState<Song | null>(null);
  const [many, setMany] = useState<Sifted | null>(null);
  const [options, setOptions] = useState(NO_OPTIONS);
  const [longSeconds, setLongSeconds] = useState<number | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  const chosen = useRef<HTMLHeadingElement>(null);
  const accepted = useCallback(
    (jobId: string) => {
      void cache.invalidateQueries({ queryKey: jobKeys.list });
      router.push(jobAddress(jobId));
    },
    [cache, router],
  );
  const { state, send, retry, cancel } = useSubmission(accepted);
  useNoStrayDrops();
  const isSending = state.phase === "sending";

  // Looking at a file and fetching the example take a moment: what was chosen last counts.
  const turn = useRef(0);
  const nextTurn = () => {
    cancel();
    setMistake(null);
    setMany(null);
    turn.current += 1;
    return turn.current;
  };
  const chooseAll = async (found: Found[]) => {
    if (isSending) {
      setMistake("A song is being sent. Wait until it has arrived, or stop it, then drop these again.");
      return;
    }
    const [only] = found;
    if (found.length === 1 && only && !isZip(only.file)) return choose(only.file);
    const mine = nextTurn();
    const [{ sift }] = await loadMany();
    const sifted = await sift(found, limits.data);
    if (mine !== turn.current) return;
    setSong(null);
    setMany(sifted);
    requestAnimationFrame(() => chosen.current?.focus());
  };
  const choose = async (file: File) => {
    const mine = nextTurn();
    const seconds = await durationOf(file);
    const refusal = await refusalOf(file, limits.data, seconds);
    if (mine !== turn.current) return;
    if (refusal) {
      setSong(null);
      setMistake(`${file.name}: ${refusal}`);
      return;
    }
    take({ kind: "file", file });
    if (limits.data && isTooLong(seconds, limits.data)) {
      setOptions({ ...NO_OPTIONS, start: "0:00", end: clockTime(limits.data.max_duration_seconds) });
      setLongSeconds(seconds);
    }
  };
  const take = (next: Song) => {
    setSong(next);
    // What was known about another song does not hold for this one.
    setOptions(NO_OPTIONS);
    setLongSeconds(null);
    requestAnimationFrame(() => chosen.current?.focus());
  };
  const tryExample = async () => {
    const mine = nextTurn();
    try {
      const answer = await fetch(EXAMPLE.address);
      if (!answer.ok) throw new Error(String(answer.status));
      const file = new File([await answer.blob()], EXAMPLE.name, { type: "audio/flac" });
      if (mine !== turn.current) return;
      setSong({ kind: "file", file });
      send({ kind: "file", file }, { title: "Funk Rock" });
    } catch {
      if (mine !== turn.current) return;
      setMistake("The example could not be loaded. Is the service still running?");
    }
  };
  const startOver = () => {
    nextTurn();
    setSong(null);
    setOptions(NO_OPTIONS);
  };

  const fraction = isSending ? state.fraction : null;
  return (
    <div className="mx-auto max-w-[68rem]">
      <section className="start-grid pt-6 pb-16 lg:pt-14">
        <div className="[grid-area:pad]">
          <Pad fraction={fraction} isBusy={isSending} onFiles={(found) => void chooseAll(found)}>
            <PadWords song={song} many={many?.songs.length ?? null} fraction={fraction} />
          </Pad>
        </div>
        <div className="[grid-area:title]">
          {song ? (
            <ChosenSong
              over={song.kind === "file" ? "On the pad" : "From YouTube"}
              title={song.kind === "file" ? song.file.name : song.url}
              headingRef={chosen}
            />
          ) : many ? (
            <ChosenSong over="On the pad" title={manyTitle(many)} headingRef={chosen} />
          ) : (
            <div>
              <h1 className="text-4xl leading-[1.05] font-bold tracking-tight sm:text-6xl">
                A song in, the drum part out.
              </h1>
              <p className="mt-4 max-w-prose text-lg text-ink-soft">
                Drop a recording on the pad, or a whole album. You get a page you can put on your stand, with the song
                to play along to, and everything on it can be corrected.
              </p>
            </div>
          )}
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
          {longSeconds !== null && limits.data && state.phase === "idle" ? (
            <Notice kind="care" title="Choose a part of it">
              This recording lasts {clockTime(longSeconds)}; up to{" "}
              {durationWords(limits.data.max_duration_seconds)} are heard at once. The first part is
              chosen below.
            </Notice>
          ) : null}
          {song && (state.phase === "idle" || isSending) ? (
            <SongForm
              options={options}
              fraction={fraction}
              isPartOnly={longSeconds !== null}
              onOptions={setOptions}
              onSend={(said) => send(song, said)}
              onCancel={cancel}
              onStartOver={startOver}
            />
          ) : null}
          {many ? (
            <Suspense>
              <ManyForm
                sifted={many}
                onSend={(said) => {
                  queue.add(many.songs, said);
                  startOver();
                  goToQueue();
                }}
                onStartOver={startOver}
              />
            </Suspense>
          ) : null}
          {!song && !many ? (
            <div className="flex flex-col gap-5">
              {limits.data?.links_enabled ? (
                <LinkForm
                  onLink={(url) => {
                    nextTurn();
                    take({ kind: "link", url });
                  }}
                />
              ) : null}
              <p className="flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft">
                <Button onClick={() => void tryExample()}>Try the example</Button>
                <span>No song at hand? 27 seconds of funk rock.</span>
              </p>
              <FolderButton onFiles={(found) => void chooseAll(found)} />
              <p className="text-sm text-ink-faint">
                {ACCEPT_WORDS}
                {limits.data
                  ? `, up to ${fileSize(limits.data.max_file_size_bytes)} and ${durationWords(limits.data.max_duration_seconds)}. ${keptWords(limits.data.retention_hours)}`
                  : "."}
              </p>
            </div>
          ) : null}
        </div>
      </section>
      <QueueView />
      {children}
    </div>
  );
}

function keptWords(hours: number): string {
  if (hours === 0) return "Songs stay until you delete them.";
  const time = hours < 48 ? counted(Math.round(hours), "hour") : counted(Math.round(hours / 24), "day");
  return `Songs are deleted after ${time}, unless you keep them.`;
}

const isZip = (file: File): boolean => /\.zip$/i.test(file.name) || file.type === "application/zip";

function manyTitle({ songs }: Sifted): string {
  const [only] = songs;
  if (songs.length === 1 && only) return only.name;
  return songs.length === 0 ? "No song" : counted(songs.length, "song");
}
