import type { Turn } from "@/features/score/turning";
import { say } from "@/words";
import { LEAST_ZOOM, MOST_ZOOM, ZOOM_STEP } from "./standSize";

const SMALL =
  "inline-flex min-h-9 min-w-9 cursor-pointer items-center justify-center rounded-full border border-line-strong px-3 text-sm disabled:cursor-default disabled:opacity-40";

/** One slim line above the notes, two on a phone held upright: which song, which page, how large, how it is turned. */
export function StandBar({
  title, facts, pageWords, zoom, onZoom, turn, onTurn, isKeyShown, onKeyShown, isPlaying, onPlay, onClose,
}: {
  title: string;
  /** Metre and tempo. */
  facts: string;
  pageWords: string;
  zoom: number;
  onZoom: (zoom: number) => void;
  turn: Turn;
  onTurn: (turn: Turn) => void;
  isKeyShown: boolean;
  onKeyShown: (isShown: boolean) => void;
  isPlaying: boolean;
  /** null while there is nothing to play. */
  onPlay: (() => void) | null;
  onClose: () => void;
}) {
  return (
    <div className="flex items-center gap-2 border-b border-line bg-stand px-3 py-1 max-sm:flex-wrap">
      <div className="flex min-w-0 flex-1 items-center gap-2 max-sm:basis-full">
        <p className="min-w-0 flex-1 truncate font-semibold">
          {title} <span className="ml-2 text-sm font-normal text-ink-soft max-sm:hidden">{facts}</span>
        </p>
        <p role="status" aria-label={say("stand.page")} className="text-sm whitespace-nowrap text-ink-soft tabular-nums">
          {pageWords}
        </p>
      </div>
      <button type="button" className={SMALL} disabled={onPlay === null} onClick={() => onPlay?.()}>
        {isPlaying ? say("player.pause") : say("player.play")}
      </button>
      <button type="button" className={`${SMALL} max-sm:mr-auto aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white`} aria-pressed={isKeyShown} onClick={() => onKeyShown(!isKeyShown)}>
        {say("settings.drum_key")}
      </button>
      <button type="button" className={`${SMALL} max-sm:hidden`} aria-pressed={turn === "half"} onClick={() => onTurn(turn === "half" ? "whole" : "half")}>
        {turn === "half" ? say("stand.half") : say("stand.whole")}
      </button>
      <button type="button" className={SMALL} aria-label={say("stand.smaller")} disabled={zoom <= LEAST_ZOOM} onClick={() => onZoom(zoom - ZOOM_STEP)}>
        −
      </button>
      <span className="w-12 text-center text-sm tabular-nums max-sm:hidden">{zoom} %</span>
      <button type="button" className={SMALL} aria-label={say("stand.larger")} disabled={zoom >= MOST_ZOOM} onClick={() => onZoom(zoom + ZOOM_STEP)}>
        +
      </button>
      <button type="button" className={SMALL} onClick={onClose}>
        {say("common.close")}
      </button>
    </div>
  );
}
