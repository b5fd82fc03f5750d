import { useEffect, useRef, useState, type PointerEvent as ReactPointerEvent } from "react";
import { barsOf, type Count } from "@/music/bars";
import { secondsAt } from "@/music/beatGrid";
import { beatWords } from "@/music/beatWords";
import { beatsTo, moves, startsAfter, stepsOf, type LineScope, type MovedLine } from "@/music/movedLines";
import { say } from "@/words";
import { momentAt, secondsOf, shareOf, type Stretch } from "./waveView";

/** Bars narrower than that have no lines; and no handles. In pixels. */
const ROOM_FOR_LINES = 9;
const ROOM_FOR_HANDLES = 24;
const HALF_HANDLE = ROOM_FOR_HANDLES / 2;

/** Bars over the recording, and who is told when one of their lines was dragged. */
export interface BarsOnWave {
  count: Count;
  /** What stands on the page for a bar. */
  numberOf: (bar: number) => number;
  /** null where lines cannot be moved. */
  moving: { scope: LineScope; onMoved: (line: MovedLine) => void; isWaiting: boolean } | null;
}

interface BarLinesProps extends BarsOnWave {
  view: Stretch;
  width: number;
  /** A line is being dragged: what is seen must stand still. */
  onDragging: (isDragging: boolean) => void;
}

/** How wide a bar is where so much of the recording is seen in so many pixels. */
export function pixelsPerBar(count: Count, view: Stretch, width: number): number {
  const { beats } = count.grid;
  const seconds = (beats.at(-1) ?? 0) - (beats[0] ?? 0);
  return (width * seconds) / Math.max(1, barsOf(count.grid).length) / secondsOf(view);
}

export const hasHandles = (count: Count, view: Stretch, width: number): boolean =>
  pixelsPerBar(count, view, width) >= ROOM_FOR_HANDLES;

/**
 * The bar lines over the sound. Where they can be moved each has a handle at its upper end, and only the
 * handles are dragged: everywhere else a drag makes a loop, and a click goes there. Escape lets go.
 */
export function BarLines({ count, numberOf, moving, view, width, onDragging }: BarLinesProps) {
  const [dragged, setDragged] = useState<MovedLine | null>(null);
  /** Dropped, and not written by the service yet. */
  const [dropped, setDropped] = useState<MovedLine | null>(null);
  if (dropped && !moving?.isWaiting) setDropped(null);
  /** As it is now: a pointer may be moved and let go before what it dragged was drawn. */
  const held = useRef<MovedLine | null>(null);
  const hold = (line: MovedLine | null) => {
    held.current = line;
    setDragged(line);
    onDragging(line !== null);
  };
  const letGo = () => hold(null);
  const latest = useRef(letGo);
  useEffect(() => {
    latest.current = letGo;
  });
  const isDragging = dragged !== null;
  useEffect(() => {
    if (!isDragging) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    // Before the drum grid, which lets go of its notes.
    addEventListener("keydown", onKeyDown, { capture: true });
    return () => removeEventListener("keydown", onKeyDown, { capture: true });
  }, [isDragging]);

  const room = pixelsPerBar(count, view, width);
  if (room < ROOM_FOR_LINES) return null;
  const shown = dragged ?? dropped;
  const bars = barsOf(count.grid);
  const lines = startsAfter(bars, shown)
    .map((start, bar) => ({ bar, x: width * shareOf(view, secondsAt(count.grid, start)) }))
    .filter(({ x }) => x > -ROOM_FOR_HANDLES && x < width + ROOM_FOR_HANDLES);

  const follow = (event: ReactPointerEvent, bar: number) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (!held.current || !box || !moving) return;
    const seconds = momentAt(view, (event.clientX - box.left) / box.width);
    hold({ bar, beats: beatsTo(count, bar, seconds, event.altKey), scope: moving.scope });
  };
  return (
    <div aria-hidden="true" className="pointer-events-none absolute inset-0">
      {lines.map(({ bar, x }) => (
        <div key={bar}>
          <div
            className={`absolute inset-y-0 w-px ${moves(shown, bar) ? "bg-bronze" : "bg-ink-faint/60"}`}
            style={{ left: x }}
          />
          {moving && bar > 0 && room >= ROOM_FOR_HANDLES ? (
            <div
              data-testid={`bar-line-${numberOf(bar)}`}
              className={
                "pointer-events-auto absolute top-0 grid h-6 w-6 -translate-x-1/2 cursor-ew-resize touch-none place-items-start " +
                "justify-center select-none pointer-coarse:h-11 " + (moving.isWaiting ? "opacity-50" : "")
              }
              style={{ left: handleAt(x, width) }}
              onPointerDown={(event) => {
                if (event.button !== 0 || moving.isWaiting) return;
                // Neither a loop nor a place to go to.
                event.stopPropagation();
                event.currentTarget.setPointerCapture(event.pointerId);
                hold({ bar, beats: 0, scope: moving.scope });
              }}
              onPointerMove={(event) => follow(event, bar)}
              onPointerUp={() => {
                const line = held.current;
                if (line && line.beats !== 0) {
                  setDropped(line);
                  moving.onMoved(line);
                }
                letGo();
              }}
              onPointerCancel={letGo}
            >
              <span
                className={
                  "min-w-5 rounded-b-md px-1 text-center text-[0.6875rem] leading-[1.125rem] font-semibold tabular-nums " +
                  (dragged?.bar === bar ? "bg-bronze text-on-bronze" : "bg-pad text-white")
                }
              >
                {numberOf(bar)}
              </span>
            </div>
          ) : null}
          {dragged?.bar === bar ? (
            <div
              className="absolute top-7 rounded-md bg-ink px-2 py-0.5 text-xs whitespace-nowrap text-page"
              style={x < width / 2 ? { left: x + 6 } : { right: width - x + 6 }}
            >
              {movedWords(dragged.beats, stepsOf(count))}
            </div>
          ) : null}
        </div>
      ))}
    </div>
  );
}

/** Whole at the ends of what is seen, too. */
const handleAt = (x: number, width: number): number =>
  x < 0 || x > width ? x : Math.min(width - HALF_HANDLE, Math.max(HALF_HANDLE, x + 0.5));

function movedWords(beats: number, { whole }: { whole: number }): string {
  if (beats === 0) return say("bars.not_moved");
  const words = { beats: beatWords(Math.abs(beats) / whole) };
  return beats > 0 ? say("bars.moved_later", words) : say("bars.moved_earlier", words);
}
