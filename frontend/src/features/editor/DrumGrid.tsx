"use client";

import { useEffect, useRef, useState } from "react";
import type { Hit } from "@/api/client";
import { useLongPress } from "@/lib/useLongPress";
import { beatAt, secondsAt, type BeatGrid } from "@/music/beatGrid";
import type { Playback } from "@/music/playback";
import { laneKey, laneName, laneSign, lower, plainLane, type Lane } from "@/music/lanes";
import type { EditAction, EditState } from "./edits";
import { newHit, pressed, type GridCursor } from "./gridKeys";
import { beatOf, heightOf, hitAt, hitsInside, LANE_HEIGHT, rowAt, RULER_HEIGHT, type View } from "./gridView";
import { keepInView, sorted, useGridPicture, type Drag } from "./useGridPicture";
import { shifted, snapped, type Division } from "@/music/snap";
import { say } from "@/words";

interface DrumGridProps {
  state: EditState;
  dispatch: (action: EditAction) => void;
  grid: BeatGrid;
  /** The rows, from top to bottom. */
  lanes: readonly Lane[];
  engine: Playback;
  division: Division;
  pixelsPerBeat: number;
  firstBar: number;
  doubtful: ReadonlySet<number>;
  /** Nearly heard strokes; a click makes one a note. */
  offers: readonly Hit[];
  /** Stroke to bring into view; changes when another is meant. */
  shownBeat: number | null;
  isPlaying: boolean;
  /** Another place of the song is worked on. */
  onPlace: (seconds: number) => void;
  onBarMenu: (seconds: number) => void;
}

const DRAG_PIXELS = 4;

/** Strokes as dots over beats and drums: click, drag, or use the keys. */
export function DrumGrid(props: DrumGridProps) {
  const { state, dispatch, grid, lanes, engine, division, doubtful, offers, pixelsPerBeat, shownBeat, isPlaying } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | null>(null);
  const clipboard = useRef<readonly Hit[]>([]);
  const [cursor, setCursor] = useState<GridCursor>({ beat: 0, lane: plainLane("snare") });
  const [isFocused, setFocused] = useState(false);
  const firstBeat = Math.min(0, Math.floor(beatAt(grid, 0)));
  const lastBeat = grid.beats.length + 1;
  const width = (lastBeat - firstBeat) * pixelsPerBeat;

  const view = (): View => ({
    lanes,
    pixelsPerBeat,
    leftBeat: firstBeat + (scroller.current?.scrollLeft ?? 0) / pixelsPerBeat,
  });

  useGridPicture(
    { canvas, scroller, drag },
    {
      grid, lanes, pixelsPerBeat, firstBeat, doubtful, offers, division, cursor, isFocused, isPlaying, engine,
      hits: state.hits, selection: state.selection, firstBar: props.firstBar,
    },
  );

  useEffect(() => {
    const box = scroller.current;
    if (!box || shownBeat === null) return;
    box.scrollLeft = (shownBeat - firstBeat) * pixelsPerBeat - box.clientWidth / 2;
  }, [shownBeat, firstBeat, pixelsPerBeat]);

  const moveCursor = (next: GridCursor) => {
    setCursor(next);
    props.onPlace(secondsAt(grid, next.beat));
  };

  const onKeyDown = (event: React.KeyboardEvent) => {
    const context = { state, grid, lanes, division, cursor, offers, clipboard: clipboard.current };
    const outcome = pressed(event.nativeEvent, context);
    if (!outcome) return;
    event.preventDefault();
    event.stopPropagation();
    if (outcome.isBarMenu) props.onBarMenu(secondsAt(grid, cursor.beat));
    if (outcome.action) dispatch(outcome.action);
    if (outcome.clipboard) clipboard.current = outcome.clipboard;
    if (outcome.cursor) {
      moveCursor(outcome.cursor);
      const box = scroller.current;
      if (box) keepInView(box, (outcome.cursor.beat - firstBeat) * pixelsPerBeat);
    }
  };

  const press = useLongPress(({ clientX }) => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    props.onBarMenu(secondsAt(grid, beatOf(view(), clientX - left)));
    return true;
  });
  const place = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerDown = (event: React.PointerEvent) => {
    press.onPointerDown(event);
    if (event.button !== 0) return;
    const { x, y } = place(event);
    if (y < RULER_HEIGHT) return engine.seek(Math.max(0, secondsAt(grid, beatOf(view(), x))));
    event.currentTarget.setPointerCapture(event.pointerId);
    const hit = hitAt(state.hits, grid, view(), x, y);
    if (hit) {
      const mode = event.shiftKey ? "toggle" : state.selection.has(hit.id) ? "add" : "only";
      dispatch({ kind: "select", keys: [hit.id], mode });
      drag.current = { kind: "move", x0: x, y0: y, beats: 0, lanes: 0, hasMoved: false, seconds: hit.time };
      return;
    }
    const offer = hitAt(offers, grid, view(), x, y);
    if (offer) dispatch({ kind: "take", hits: [offer] });
    else {
      drag.current = { kind: "rubber", x0: x, y0: y, x1: x, y1: y, adds: event.shiftKey };
    }
  };
  const onPointerMove = (event: React.PointerEvent) => {
    press.onPointerMove(event);
    const now = drag.current;
    if (!now) return;
    const { x, y } = place(event);
    if (now.kind === "rubber") {
      drag.current = { ...now, x1: x, y1: y };
      return;
    }
    const hasMoved = now.hasMoved || Math.hypot(x - now.x0, y - now.y0) > DRAG_PIXELS;
    const beats = (x - now.x0) / pixelsPerBeat;
    const lanes = Math.round((y - now.y0) / LANE_HEIGHT);
    drag.current = { ...now, hasMoved, lanes, beats: snapped(beats, division) };
  };
  const onPointerUp = (event: React.PointerEvent) => {
    const now = drag.current;
    drag.current = null;
    if (press.onPointerUp() || !now) return;
    const { x, y } = place(event);
    if (now.kind === "move") {
      // Not before: the score scrolls to it, and nothing may move under a drag.
      props.onPlace(now.seconds);
      if (!now.hasMoved) return;
      const seconds = (time: number) => shifted(grid, time, now.beats);
      return dispatch({ kind: "move", seconds, onto: (hit) => lower(lanes, hit, now.lanes) });
    }
    const box = sorted(now);
    if (box.x1 - box.x0 < DRAG_PIXELS && box.y1 - box.y0 < DRAG_PIXELS) {
      const lane = lanes[rowAt(lanes, y)] ?? cursor.lane;
      const next = { beat: Math.max(0, snapped(beatOf(view(), x), division)), lane };
      moveCursor(next);
      // One click chooses a place, another one on the same place fills it.
      if (isFocused && next.beat === cursor.beat && laneKey(next.lane) === laneKey(cursor.lane)) {
        dispatch({ kind: "add", hit: newHit(grid, next.beat, next.lane) });
      } else if (!now.adds) dispatch({ kind: "select", keys: [], mode: "only" });
      return;
    }
    const keys = hitsInside(state.hits, grid, view(), box).map((hit) => hit.id);
    dispatch({ kind: "select", keys, mode: now.adds ? "add" : "only" });
  };

  return (
    <div className="flex overflow-hidden rounded-xl border border-line">
      <ul className="shrink-0 border-r border-line bg-stand text-sm" aria-hidden="true">
        <li style={{ height: RULER_HEIGHT }} />
        {lanes.map((lane) => (
          <li
            key={laneKey(lane)}
            style={{ height: LANE_HEIGHT }}
            className="flex items-center gap-1.5 px-2 sm:gap-2 sm:px-3"
          >
            <span className="h-2.5 w-2.5 rounded-full" style={{ background: `var(--${lane.instrument})` }} />
            <span className="hidden sm:inline">{laneName(lane)}</span>
            <span className="text-xs font-semibold sm:hidden">{laneSign(lane)}</span>
          </li>
        ))}
      </ul>
      <div ref={scroller} className="relative min-w-0 grow overflow-x-auto" style={{ height: heightOf(lanes) + 14 }}>
        <div style={{ width }} className="h-px" />
        <canvas
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-roledescription={say("editor.grid_role")}
          aria-label={say("editor.grid_label", { count: state.hits.length, place: cursorWords(grid, cursor) })}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={() => {
            press.onPointerCancel();
            drag.current = null;
          }}
          onContextMenu={press.onContextMenu}
          data-testid="drum-grid"
          data-left-beat={firstBeat}
          className="sticky left-0 block w-full touch-pan-x"
          style={{ height: heightOf(lanes) }}
        />
      </div>
    </div>
  );
}

/** The cursor's place, for whoever cannot see it. */
export function cursorWords(grid: BeatGrid, cursor: GridCursor): string {
  const beat = Math.floor(cursor.beat + 1e-6);
  const bar = grid.beatNumbers.slice(0, beat + 1).filter((number) => number === 1).length;
  const part = Math.round((cursor.beat - beat) * 100);
  const name = laneName(cursor.lane);
  const place = { drum: name, bar, beat: grid.beatNumbers[beat] ?? 1 };
  return part > 0 ? say("editor.cursor_fine", { ...place, part }) : say("editor.cursor", place);
}

