"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { JobResult } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { useModal } from "@/components/ui/useModal";
import type { PlayerEngine } from "@/features/player/engine";
import type { PlayerState } from "@/features/player/playerState";
import { DrumKey } from "@/features/score/DrumKey";
import { ScoreView } from "@/features/score/ScoreView";
import { followTo, pagesOf, turnBack, turnOn, windowOf, type Turn } from "@/features/score/turning";
import { useLines } from "@/features/score/useLines";
import { writtenMetre } from "@/music/metre";
import { say } from "@/words";
import { StandBar } from "./StandBar";
import { firstZoom, LEAST_ZOOM, MOST_ZOOM, paperOf } from "./standSize";
import { useBox } from "@/lib/useBox";
import { useDrawnPage, type DrawnPage } from "./useDrawnPage";
import { useWakeLock } from "./useWakeLock";

const FOLLOW_MILLISECONDS = 100;

const ON: ReadonlySet<string> = new Set(["PageDown", "ArrowRight", "ArrowDown", " "]);
const BACK: ReadonlySet<string> = new Set(["PageUp", "ArrowLeft", "ArrowUp"]);

interface StandProps {
  jobId: string;
  result: JobResult;
  engine: PlayerEngine | null;
  state: PlayerState | null;
  isSoundReady: boolean;
  position: () => number;
  onClose: () => void;
}

/** The score and nothing else, over the whole screen: for reading while one plays. */
export function StandView(props: StandProps) {
  const { jobId, result, onClose } = props;
  const modal = useModal(onClose);
  const room = useRef<HTMLDivElement>(null);
  const box = useBox(room);
  const [zoom, setZoom] = useState<number | null>(null);
  const [turn, setTurn] = useState<Turn>("whole");
  const [pageWords, setPageWords] = useState("");
  const [isKeyShown, setKeyShown] = useState(false);
  const size = zoom ?? firstZoom(box.width);
  const paper = paperOf(size, box.width);
  const page = useDrawnPage(jobId, result, paper.isNarrow);
  useWakeLock();
  return (
    <dialog
      {...modal}
      aria-label={say("stand.label", { title: result.title })}
      className="stand m-0 h-dvh max-h-none w-screen max-w-none border-0 bg-page p-0 text-ink print:hidden"
    >
      <div className="flex h-full flex-col">
        <StandBar
          title={[result.title, result.settings.artist].filter(Boolean).join(", ")}
          facts={[writtenMetre(result), `${Math.round(result.bpm)} BPM`].join(", ")}
          pageWords={pageWords}
          zoom={size}
          onZoom={(next) => setZoom(Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, next)))}
          turn={turn}
          onTurn={setTurn}
          isKeyShown={isKeyShown}
          onKeyShown={setKeyShown}
          isPlaying={props.state?.isPlaying ?? false}
          onPlay={props.engine && props.isSoundReady ? () => void props.engine?.toggle() : null}
          onClose={() => modal.ref.current?.close()}
        />
        {isKeyShown && page.data ? <DrumKey room={room} {...page.data} /> : null}
        <div ref={room} className="min-h-0 flex-1 overflow-hidden">
          {page.data && box.height > 0 ? (
            <Pages {...props} page={page.data} paperWidth={paper.width} height={box.height} turn={turn} onPage={setPageWords} />
          ) : page.error ? (
            <p role="alert" className="p-8 text-center">
              {page.error.message} <Button onClick={() => void page.refetch()}>{say("common.try_again")}</Button>
            </p>
          ) : (
            <p role="status" className="p-8 text-center text-ink-soft">
              {say("job.loading_score")}
            </p>
          )}
        </div>
      </div>
    </dialog>
  );
}

/** The lines that fit, turned by keys, pedals, taps and the recording. */
function Pages({
  page, paperWidth, height, turn, engine, state, position, result, onPage,
}: StandProps & {
  page: DrawnPage;
  paperWidth: number;
  height: number;
  turn: Turn;
  onPage: (words: string) => void;
}) {
  const paper = useRef<HTMLDivElement>(null);
  const { lines, lineOfBar } = useLines(paper, page.svg, page.clock);
  // The bar is kept and not the line: lines are others at another size.
  const [bar, setBar] = useState(() => Math.max(0, page.clock.measureAt(position())));
  const first = Math.min(lineOfBar(bar), Math.max(0, lines.length - 1));
  const shown = windowOf(lines, first, height);
  const isPlaying = state?.isPlaying ?? false;

  const barOfLine = useCallback(
    (line: number) => {
      const count = page.clock.map.measures.length;
      for (let index = 0; index < count; index += 1) if (lineOfBar(index) === line) return index;
      return 0;
    },
    [lineOfBar, page.clock],
  );
  const goTo = useCallback((line: number) => setBar(barOfLine(line)), [barOfLine]);
  const goOn = useCallback(() => goTo(turnOn(lines, first, height, turn)), [goTo, lines, first, height, turn]);
  const goBack = useCallback(() => goTo(turnBack(lines, first, height, turn)), [goTo, lines, first, height, turn]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isField = event.target instanceof Element && event.target.closest("select, input") !== null;
      if (isField) return;
      const isBack = BACK.has(event.key) || (event.key === " " && event.shiftKey);
      if (isBack) goBack();
      else if (ON.has(event.key)) goOn();
      else if (event.key === "Home") goTo(0);
      else if (event.key === "End") goTo(pagesOf(lines, height).at(-1) ?? 0);
      else return;
      // A button that was pressed before would be pressed again by a pedal.
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown, { capture: true });
    return () => removeEventListener("keydown", onKeyDown, { capture: true });
  }, [goBack, goOn, goTo, lines, height]);

  useEffect(() => {
    if (!isPlaying || lines.length === 0) return;
    const timer = setInterval(() => {
      const sounding = lineOfBar(page.clock.measureAt(position()));
      const next = followTo(lines, first, height, turn, sounding);
      if (next !== first) goTo(next);
    }, FOLLOW_MILLISECONDS);
    return () => clearInterval(timer);
  }, [isPlaying, lines, lineOfBar, page.clock, position, first, height, turn, goTo]);

  const pages = useMemo(() => pagesOf(lines, height), [lines, height]);
  useEffect(() => {
    const here = pages.filter((start) => start <= first).length;
    onPage(lines.length === 0 ? "" : `${here} / ${pages.length}`);
  }, [first, lines, onPage, pages]);

  return (
    <div
      data-testid="stand-window"
      className="relative overflow-hidden"
      style={{ height: lines.length === 0 ? height : shown.height }}
      // Beside the keys, which do the same: a tap at the left goes back, anywhere else on.
      onClick={({ clientX, currentTarget }) => {
        const { left, width } = currentTarget.getBoundingClientRect();
        if (clientX - left < width / 3) goBack();
        else goOn();
      }}
    >
      <div
        ref={paper}
        className="absolute"
        style={{ width: paperWidth, left: `calc(50% - ${paperWidth / 2}px)`, top: -shown.top }}
      >
        <ScoreView
          svg={page.svg}
          isNarrow={page.isNarrow}
          clock={page.clock}
          title={result.title}
          position={position}
          // Pages are turned here, not scrolled.
          isPlaying={false}
          doubtful={NONE}
          markedHit={null}
          shown={null}
          onSeek={noSeek}
        />
      </div>
      {engine === null ? <p className="sr-only">{say("stand.no_sound")}</p> : null}
    </div>
  );
}

const noSeek = () => undefined;
const NONE: ReadonlySet<number> = new Set();
