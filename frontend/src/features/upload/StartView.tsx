"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { jobAddress } from "@/lib/address";
import { jobKeys } from "@/api/keys";
import { useLimits } from "@/api/limits";
import { clockTime, durationWords, fileSize } from "@/lib/format";
import { say } from "@/words";
import { useLanguage } from "@/words/WordsProvider";
import { acceptWords, durationOf, isTooLong, refusalOf } from "./checkFile";
import { ChosenSong, PadWords } from "./ChosenSong";
import { FolderButton } from "./FolderButton";
import { LinkForm } from "./LinkForm";
import type { Found } from "./many/found";
import { useQueue } from "./many/QueueProvider";
import { goToQueue, QueueView } from "./many/QueueView";
import type { Sifted } from "./many/sift";
import { Pad } from "./Pad";
import type { Song } from "./sendSong";
import { NO_OPTIONS } from "./optionFields";
import { Troubles } from "./Troubles";
import { useNoStrayDrops } from "./useNoStrayDrops";
import { useSubmission } from "./useSubmission";

/** Most people bring one song: what several need comes when they do. */
const loadMany = () => Promise.all([import("./many/sift"), import("./many/ManyForm")]);
const ManyForm = lazy(async () => ({ default: (await loadMany())[1].ManyForm }));

/** What can be said of a song is asked for once there is one. */
const loadForm = () => import("./SongForm");
const SongForm = lazy(async () => ({ default: (await loadForm()).SongForm }));

const EXAMPLE = { address: "/example/funk-rock.flac", name: "Funk Rock (example).flac" };

/** Hand a song in; what stands below it (own songs) is given. */
export function StartView({ children }: { children?: ReactNode }) {
  useLanguage();
  useEffect(() => {
    loadForm().catch(() => undefined);
  }, []);
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
      setMistake(say("start.being_sent"));
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
      setMistake(say("start.example_missing"));
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
      <title>{say("common.page_title")}</title>
      <section className="start-grid pt-6 pb-16 lg:pt-14">
        <div className="[grid-area:pad]">
          <Pad fraction={fraction} isBusy={isSending} onFiles={(found) => void chooseAll(found)}>
            <PadWords song={song} many={many?.songs.length ?? null} fraction={fraction} />
          </Pad>
        </div>
        <div className="[grid-area:title]">
          {song ? (
            <ChosenSong
              over={song.kind === "file" ? say("start.on_the_pad") : say("start.from_youtube")}
              title={song.kind === "file" ? song.file.name : song.url}
              headingRef={chosen}
            />
          ) : many ? (
            <ChosenSong over={say("start.on_the_pad")} title={manyTitle(many)} headingRef={chosen} />
          ) : (
            <div>
              <h1 className="text-4xl leading-[1.05] font-bold hyphens-auto tracking-tight sm:text-6xl">
                {say("start.headline")}
              </h1>
              <p className="mt-4 max-w-prose text-lg text-ink-soft">
                {say("start.intro")}
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
            <Notice kind="care" title={say("start.choose_part")}>
              {say("start.part_of_it", {
                length: clockTime(longSeconds),
                most: durationWords(limits.data.max_duration_seconds),
              })}
            </Notice>
          ) : null}
          {song && (state.phase === "idle" || isSending) ? (
            <Suspense>
              <SongForm
                options={options}
                fraction={fraction}
                isPartOnly={longSeconds !== null}
                onOptions={setOptions}
                onSend={(said) => send(song, said)}
                onCancel={cancel}
                onStartOver={startOver}
              />
            </Suspense>
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
                <Button onClick={() => void tryExample()}>{say("start.try_example")}</Button>
                <span>{say("start.try_example_help")}</span>
              </p>
              <FolderButton onFiles={(found) => void chooseAll(found)} />
              <p className="text-sm text-ink-faint">
                {limits.data
                  ? `${say("start.accepted_up_to", {
                      kinds: acceptWords(),
                      size: fileSize(limits.data.max_file_size_bytes),
                      length: durationWords(limits.data.max_duration_seconds),
                    })} ${keptWords(limits.data.retention_hours)}`
                  : say("start.accepted_only", { kinds: acceptWords() })}
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
  if (hours === 0) return say("start.stay");
  return hours < 48
    ? say("start.deleted_after_hours", { count: Math.round(hours) })
    : say("start.deleted_after_days", { count: Math.round(hours / 24) });
}

const isZip = (file: File): boolean => /\.zip$/i.test(file.name) || file.type === "application/zip";

function manyTitle({ songs }: Sifted): string {
  const [only] = songs;
  if (songs.length === 1 && only) return only.name;
  return songs.length === 0 ? say("start.no_song") : say("count.songs", { count: songs.length });
}
