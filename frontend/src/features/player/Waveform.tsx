"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { useBox } from "@/lib/useBox";
import type { Loop } from "@/music/loop";
import { say } from "@/words";
import { BarLines, hasHandles, type BarsOnWave } from "./BarLines";
import type { PlayerEngine } from "./engine";
import type { PlayedHit } from "./kitVoices";
import type { Peaks } from "./waveform";
import { drawWaveform } from "./waveformPicture";
import { momentAt, shareOf, viewAround, type Stretch } from "./waveView";

const HEIGHT = 76;
const DRAG_PIXELS = 6;

interface WaveformProps {
  engine: PlayerEngine;
  peaks: Peaks | null;
  hits: readonly PlayedHit[];
  loop: Loop | null;
  durationSeconds: number;
  /** One part in so many of the song is seen: around the place that is played. */
  zoom: number;
  bars: BarsOnWave;
  /** Whether bar lines have room to be taken hold of. */
  onHandles: (hasHandles: boolean) => void;
  /** The bar and its beat, for whoever cannot see the picture. */
  positionWords: (seconds: number) => string;
  /** A stretch was drawn over it. */
  onLoop: (stretch: Loop) => void;
}

/**
 * The sound of the song with its notes and bar lines: a click or the arrow keys go there, a drag makes a
 * loop, and a drag at the handle of a bar line moves the line.
 */
export function Waveform({
  engine, peaks, hits, loop, durationSeconds, zoom, bars, onHandles, positionWords, onLoop,
}: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; seconds: number } | null>(null);
  const isLineDragged = useRef(false);
  const [drawn, setDrawn] = useState<Loop | null>(null);
  /** As it is now: a pointer may be moved and let go before the stretch was drawn. */
  const stretch = useRef<Loop | null>(null);
  const { width } = useBox(slider);
  const [view, setView] = useState<Stretch>(() => viewAround(engine.position(), durationSeconds, zoom, null));
  const shown = drawn ?? loop;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => drawWaveform(element, peaks, hits, durationSeconds, view);
    paint();
    const sizes = new ResizeObserver(paint);
    sizes.observe(element);
    // Colours come from the theme.
    const themes = new MutationObserver(paint);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
    };
  }, [peaks, hits, durationSeconds, view]);

  useEffect(() => {
    let request = 0;
    const follow = () => {
      const position = engine.position();
      // What somebody drags over stands still.
      const isHeld = from.current !== null || isLineDragged.current;
      if (!isHeld) setView((before) => viewAround(position, durationSeconds, zoom, before));
      if (playhead.current) {
        const share = shareOf(view, position);
        playhead.current.style.left = `${100 * Math.min(1, Math.max(0, share))}%`;
        playhead.current.style.visibility = share < 0 || share > 1 ? "hidden" : "visible";
      }
      const words = slider.current;
      const second = String(Math.floor(position));
      if (words && words.getAttribute("aria-valuenow") !== second) {
        words.setAttribute("aria-valuenow", second);
        words.setAttribute("aria-valuetext", positionWords(position));
      }
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [engine, durationSeconds, zoom, view, positionWords]);

  const canTakeHold = bars.moving !== null && hasHandles(bars.count, view, width);
  useEffect(() => onHandles(canTakeHold), [onHandles, canTakeHold]);

  const placeOf = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return { x: event.clientX, seconds: momentAt(view, Math.min(1, Math.max(0, share))) };
  };
  const onPointerDown = (event: React.PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = placeOf(event);
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const to = placeOf(event);
    if (!from.current || Math.abs(to.x - from.current.x) < DRAG_PIXELS) return;
    const [start, end] = [from.current.seconds, to.seconds].sort((a, b) => a - b) as [number, number];
    draw({ startSeconds: start, endSeconds: end });
  };
  const onPointerUp = (event: React.PointerEvent) => {
    if (from.current && !stretch.current) engine.seek(placeOf(event).seconds);
    if (stretch.current) onLoop(stretch.current);
    forgetDrag();
  };
  const draw = (next: Loop | null) => {
    stretch.current = next;
    setDrawn(next);
  };
  const forgetDrag = () => {
    from.current = null;
    draw(null);
  };
  const onLineDragged = useCallback((is: boolean) => {
    isLineDragged.current = is;
  }, []);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.shiftKey ? 15 : 5;
    const to = {
      ArrowLeft: engine.position() - step,
      ArrowRight: engine.position() + step,
      Home: 0,
      End: durationSeconds,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    engine.seek(to);
  };
  const percent = (seconds: number) => `${100 * shareOf(view, seconds)}%`;

  return (
    <div
      ref={slider}
      role="slider"
      tabIndex={0}
      aria-label={say("player.place")}
      aria-valuemin={0}
      aria-valuemax={Math.floor(durationSeconds)}
      aria-valuenow={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={forgetDrag}
      // A finger that rests before it goes on drags as well: there is nothing here for a long press.
      onContextMenu={(event) => (from.current || isLineDragged.current) && event.preventDefault()}
      onKeyDown={onKeyDown}
      className="relative cursor-pointer touch-pan-y overflow-hidden rounded-xl border border-line bg-stand"
      style={{ height: HEIGHT }}
    >
      {shown ? (
        <div
          className="absolute inset-y-0 border-x-2 border-bronze bg-bronze/15"
          style={{ left: percent(shown.startSeconds), right: `${100 * (1 - shareOf(view, shown.endSeconds))}%` }}
        />
      ) : null}
      <canvas ref={canvas} className="absolute inset-0 h-full w-full" aria-hidden="true" />
      <BarLines {...bars} view={view} width={width} onDragging={onLineDragged} />
      <div
        ref={playhead}
        aria-hidden="true"
        data-testid="playhead"
        className="pointer-events-none absolute inset-y-0 w-0.5 bg-bronze-bright"
      />
    </div>
  );
}
