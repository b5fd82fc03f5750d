"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Hit, JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { DOUBTFUL, nextDoubtful } from "@/features/editor/doubt";
import { EditorPanel } from "@/features/editor/EditorPanel";
import type { EditHit } from "@/features/editor/edits";
import { SaveStatus } from "@/features/editor/SaveStatus";
import { SettingsPanel } from "@/features/editor/SettingsPanel";
import { Shortcuts } from "@/features/editor/Shortcuts";
import { useEditing } from "@/features/editor/useEditing";
import { ScoreView } from "@/features/score/ScoreView";
import { beatUnit } from "@/lib/metre";
import { useMedia } from "@/lib/useMedia";
import { fetchScoreSvg, fetchTimeMap, ScoreClock } from "@/features/score/timeMap";
import { loopFrom } from "./barLoop";
import type { BeatGrid } from "./beatGrid";
import { clockWords, TransportBar } from "./TransportBar";
import { SoundNotice } from "./SoundNotice";
import { usePlayer } from "./usePlayer";
import { Waveform } from "./Waveform";

export interface ResultWorkspaceProps {
  jobId: string;
  /** As loaded; edits write the new one into the cache under `jobKeys.result(jobId)`. */
  result: JobResult;
}

type Panel = "none" | "edit" | "settings";

/** Below this width four bars a line cannot be read: two are drawn. */
const NARROW = "(max-width: 47.99rem)";

/** A page of a long song takes megabytes, and each edit makes another: those before go soon. */
const PAGE_KEPT_MILLISECONDS = 10_000;

/** The page as it was drawn from one version of the result: picture, clock and hits fit together. */
interface DrawnPage {
  svg: string;
  isNarrow: boolean;
  clock: ScoreClock;
  hits: readonly Hit[];
}

export function useDrawnPage(jobId: string, result: JobResult) {
  const isNarrow =
    useMedia(NARROW) && result.downloads.some((download) => download.format === "svg-narrow");
  const address = (format: string) =>
    `/api/v1/jobs/${jobId}/download/${format}?version=${result.version}`;
  return useQuery({
    queryKey: ["jobs", jobId, "page", result.version, isNarrow],
    queryFn: async ({ signal }): Promise<DrawnPage> => {
      const [svg, map] = await Promise.all([
        fetchScoreSvg(address(isNarrow ? "svg-narrow" : "svg"), signal),
        fetchTimeMap(address("timemap"), signal),
      ]);
      return { svg, isNarrow, clock: new ScoreClock(map), hits: result.hits };
    },
    staleTime: Infinity,
    gcTime: PAGE_KEPT_MILLISECONDS,
    // The page before stays on the stand while the next one is written.
    placeholderData: (before) => before,
  });
}

/** Score, player and editor of a finished job. */
export function ResultWorkspace({ jobId, result }: ResultWorkspaceProps) {
  const page = useDrawnPage(jobId, result);
  const player = usePlayer(result.downloads, result.duration_seconds);
  const editing = useEditing(jobId, result);
  const [panel, setPanel] = useState<Panel>("none");
  const [showsDoubt, setShowsDoubt] = useState(false);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [shown, setShown] = useState<EditHit | null>(null);
  const { engine, state, sound, loadAgain } = player;
  const { hits } = editing.edit;

  const grid: BeatGrid = useMemo(
    () => ({ beats: result.beats, beatNumbers: result.beat_numbers }),
    [result.beats, result.beat_numbers],
  );
  useEffect(() => engine?.setGrid(grid), [engine, grid]);
  useEffect(
    () => engine?.setHits(hits, result.duration_seconds),
    [engine, hits, result.duration_seconds],
  );

  const position = useCallback(() => engine?.position() ?? 0, [engine]);
  const clock = page.data?.clock ?? null;
  const positionWords = useCallback(
    (seconds: number) => {
      const bar = clock?.measure(clock.measureAt(seconds))?.number;
      return bar === undefined ? clockWords(seconds) : `bar ${bar}, ${clockWords(seconds)}`;
    },
    [clock],
  );
  const { dispatch } = editing;
  const onNextDoubtful = useCallback(
    (direction: 1 | -1) => {
      const next = nextDoubtful(hits, shown?.time ?? position(), direction);
      setShown(next);
      setShowsDoubt(true);
      if (!next) return;
      dispatch({ kind: "select", keys: [next.key], mode: "only" });
      engine?.seek(next.time);
    },
    [hits, shown, position, dispatch, engine],
  );

  const onBar = (by: 1 | -1) => {
    const bar = clock?.nextBarFrom(position(), by);
    if (bar) engine?.seek(Math.max(0, bar.start_seconds));
  };
  const onLoop = () => {
    if (engine && clock) engine.setLoop(state?.loop ? null : loopFrom(clock, position()));
  };

  useKeys({
    " ": () => {
      // As the button: not before there is something to hear.
      if (sound.kind !== "loading") engine?.toggle();
    },
    ",": () => onBar(-1),
    ".": () => onBar(1),
    "[": () => engine?.setRate((state?.rate ?? 1) - 0.05),
    "]": () => engine?.setRate((state?.rate ?? 1) + 0.05),
    l: () => onLoop(),
    n: () => onNextDoubtful(1),
    N: () => onNextDoubtful(-1),
    "?": () => setHelpOpen(true),
  });

  const onSeek = (seconds: number, hit: number | null) => {
    engine?.seek(seconds);
    const clicked = hit === null ? undefined : page.data?.hits[hit];
    const same = clicked && hits.find(
      (one) => one.instrument === clicked.instrument && Math.abs(one.time - clicked.time) < 1e-6,
    );
    if (same) {
      dispatch({ kind: "select", keys: [same.key], mode: "only" });
      setShown(same);
    }
  };
  // Marked on the page only while it is still the page of these strokes.
  const markedHit = shown && page.data
    ? page.data.hits.findIndex(
        (one) => one.instrument === shown.instrument && Math.abs(one.time - shown.time) < 1e-6,
      )
    : -1;
  const doubtful = hits.filter((hit) => hit.confidence < DOUBTFUL).length;
  const soundNotice = <SoundNotice sound={sound} canPlay={engine !== null} onAgain={loadAgain} />;
  const tab =
    "min-h-11 cursor-pointer rounded-full border border-line-strong px-4 aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white";

  return (
    <div className="grid min-w-0 grid-cols-1 gap-5">
      {engine && state ? (
        <div className="player-dock grid min-w-0 grid-cols-1 gap-3 rounded-2xl border border-line bg-stand p-3 shadow-sm sm:p-4">
          <Waveform
            engine={engine}
            peaks={sound.kind === "ready" ? sound.peaks : null}
            hits={hits}
            loop={state.loop}
            durationSeconds={state.durationSeconds || result.duration_seconds}
            positionWords={positionWords}
          />
          <TransportBar
            engine={engine}
            state={state}
            clock={clock}
            isSoundReady={sound.kind !== "loading"}
          />
          {soundNotice}
        </div>
      ) : (
        soundNotice
      )}
      <div role="group" aria-label="Tools" className="flex flex-wrap items-center gap-2">
        <button
          type="button"
          className={tab}
          aria-pressed={panel === "edit"}
          onClick={() => setPanel(panel === "edit" ? "none" : "edit")}
        >
          Correct strokes
        </button>
        <button
          type="button"
          className={tab}
          aria-pressed={panel === "settings"}
          onClick={() => setPanel(panel === "settings" ? "none" : "settings")}
        >
          Tempo and bars
        </button>
        <button
          type="button"
          className={tab}
          aria-pressed={showsDoubt}
          onClick={() => setShowsDoubt(!showsDoubt)}
        >
          Doubtful notes ({doubtful})
        </button>
        <Button className="px-4" disabled={doubtful === 0} onClick={() => onNextDoubtful(1)}>
          Next doubtful
        </Button>
        <Button look="bare" className="px-4 max-sm:hidden" onClick={() => setHelpOpen(true)}>
          Keys
        </Button>
        <SaveStatus editing={editing} />
      </div>

      {engine && panel === "edit" ? (
        <EditorPanel
          editing={editing}
          grid={grid}
          unit={beatUnit(result.time_signature)}
          engine={engine}
          firstBar={clock?.measure(0)?.number || 1}
          isPlaying={state?.isPlaying ?? false}
          shown={shown}
        />
      ) : null}
      {panel === "settings" ? (
        <SettingsPanel editing={editing} result={result} position={position} />
      ) : null}

      {page.data ? (
        <ScoreView
          svg={page.data.svg}
          isNarrow={page.data.isNarrow}
          clock={page.data.clock}
          hits={page.data.hits}
          title={result.title}
          position={position}
          isPlaying={state?.isPlaying ?? false}
          showsDoubt={showsDoubt}
          markedHit={markedHit >= 0 ? markedHit : null}
          onSeek={onSeek}
        />
      ) : page.error ? (
        <Notice
          kind="alarm"
          title="The page did not come"
          actions={<Button onClick={() => void page.refetch()}>Try again</Button>}
        >
          {page.error.message}
        </Notice>
      ) : (
        <p role="status" className="py-20 text-center text-ink-soft">
          Putting the page on the stand
        </p>
      )}
      {isHelpOpen ? <Shortcuts onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

/** Keys of the whole page; fields and buttons keep theirs. */
function useKeys(keys: Record<string, () => void>) {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
      // Brackets need the Alt key on many a keyboard of a Mac.
      if (event.altKey && !"[]".includes(event.key)) return;
      const target = event.target as Element;
      const isBusy = target.closest("input:not([type=range]), select, textarea, dialog") !== null;
      const presses = event.key === " " && target.closest("button, a, summary") !== null;
      const action = latest.current[event.key];
      if (!action || isBusy || presses) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
