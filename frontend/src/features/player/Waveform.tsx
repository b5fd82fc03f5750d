"use client";

import { useEffect, useRef, useState } from "react";
import type { PlayerEngine } from "./engine";
import type { PlayedHit } from "./kitVoices";
import type { Loop } from "@/music/loop";
import { say } from "@/words";
import type { Peaks } from "./waveform";

const HEIGHT = 76;
const DRAG_PIXELS = 6;

interface WaveformProps {
  engine: PlayerEngine;
  peaks: Peaks | null;
  hits: readonly PlayedHit[];
  loop: Loop | null;
  durationSeconds: number;
  /** The bar and its beat, for whoever cannot see the picture. */
  positionWords: (seconds: number) => string;
  /** A stretch was drawn over it. */
  onLoop: (stretch: Loop) => void;
}

/** The sound of the song with its notes: a click or the arrow keys go there, a drag makes a loop. */
export function Waveform({
  engine, peaks, hits, loop, durationSeconds, positionWords, onLoop,
}: WaveformProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const slider = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; seconds: number } | null>(null);
  const [drawn, setDrawn] = useState<Loop | null>(null);
  const shown = drawn ?? loop;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () => draw(element, peaks, hits, durationSeconds);
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
  }, [peaks, hits, durationSeconds]);

  useEffect(() => {
    let request = 0;
    const follow = () => {
      const share = durationSeconds > 0 ? engine.position() / durationSeconds : 0;
      if (playhead.current) playhead.current.style.left = `${100 * Math.min(1, share)}%`;
      const words = slider.current;
      const second = String(Math.floor(engine.position()));
      if (words && words.getAttribute("aria-valuenow") !== second) {
        words.setAttribute("aria-valuenow", second);
        words.setAttribute("aria-valuetext", positionWords(engine.position()));
      }
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => cancelAnimationFrame(request);
  }, [engine, durationSeconds, positionWords]);

  const placeOf = (event: React.PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return { x: event.clientX, seconds: Math.min(1, Math.max(0, share)) * durationSeconds };
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
    setDrawn({ startSeconds: start, endSeconds: end });
  };
  const onPointerUp = (event: React.PointerEvent) => {
    if (from.current && !drawn) engine.seek(placeOf(event).seconds);
    if (drawn) onLoop(drawn);
    forgetDrag();
  };
  const forgetDrag = () => {
    from.current = null;
    setDrawn(null);
  };
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
  const percent = (seconds: number) => `${(100 * seconds) / Math.max(durationSeconds, 1e-6)}%`;

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
      onKeyDown={onKeyDown}
      className="relative cursor-pointer touch-pan-y overflow-hidden rounded-xl border border-line bg-stand"
      style={{ height: HEIGHT }}
    >
      {shown ? (
        <div
          className="absolute inset-y-0 border-x-2 border-bronze bg-bronze/15"
          style={{ left: percent(shown.startSeconds), width: percent(shown.endSeconds - shown.startSeconds) }}
        />
      ) : null}
      <canvas ref={canvas} className="absolute inset-0 h-full w-full" aria-hidden="true" />
      <div
        ref={playhead}
        aria-hidden="true"
        data-testid="playhead"
        className="absolute inset-y-0 w-0.5 bg-bronze-bright"
      />
    </div>
  );
}

function draw(
  canvas: HTMLCanvasElement,
  peaks: Peaks | null,
  hits: readonly PlayedHit[],
  durationSeconds: number,
): void {
  const scale = devicePixelRatio || 1;
  const width = (canvas.width = Math.round(canvas.clientWidth * scale));
  const height = (canvas.height = Math.round(canvas.clientHeight * scale));
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  const style = getComputedStyle(document.documentElement);
  const strip = 14 * scale;
  if (peaks) {
    context.fillStyle = style.getPropertyValue("--line-strong");
    const middle = (height - strip) / 2;
    let loudest = 1e-6;
    for (const value of peaks.high) loudest = Math.max(loudest, value);
    for (let x = 0; x < width; x += 1) {
      const from = Math.floor((x * peaks.high.length) / width);
      const to = Math.max(from + 1, Math.floor(((x + 1) * peaks.high.length) / width));
      let high = 0;
      let low = 0;
      for (let i = from; i < to; i += 1) {
        high = Math.max(high, peaks.high[i] ?? 0);
        low = Math.min(low, peaks.low[i] ?? 0);
      }
      const top = middle - (high / loudest) * middle * 0.92;
      const bottom = middle - (low / loudest) * middle * 0.92;
      context.fillRect(x, top, 1, Math.max(scale, bottom - top));
    }
  }
  for (const hit of hits) {
    context.fillStyle = style.getPropertyValue(`--${hit.instrument}`);
    const tall = strip * (0.35 + 0.6 * hit.velocity);
    context.fillRect((hit.time / durationSeconds) * width, height - tall, scale, tall);
  }
}
