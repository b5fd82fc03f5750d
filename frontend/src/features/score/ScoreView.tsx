"use client";

import { memo, useEffect, useMemo, useRef } from "react";
import type { Hit } from "@/api/client";
import { readPages } from "./pages";
import { bringBarIntoView } from "./barInView";
import { ScoreCursor } from "./cursor";
import { pencil, unwritten } from "./pencil";
import { sectionAt } from "./sections";
import { useLongPress, type Point } from "@/lib/useLongPress";
import type { Loop } from "@/music/loop";
import type { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import "./score.css";

export interface ScoreViewProps {
  svg: string;
  /** Drawn for a phone: two bars a line. */
  isNarrow: boolean;
  clock: ScoreClock;
  /** The hits the page was drawn from: `hit-N` is the one with the id N. */
  hits?: readonly Hit[];
  /** The hits as they are edited: what the page does not show yet is pencilled in. */
  edited?: readonly Hit[];
  title: string;
  /** The heard position in seconds, asked for every frame. */
  position: () => number;
  isPlaying: boolean;
  /** Ids of the hits that are coloured: `hit-N` is the one with the id N. */
  doubtful: ReadonlySet<number>;
  /** Ids of the bars whose bar line is coloured. */
  doubtfulBars?: ReadonlySet<string>;
  /** Id of the hit that is marked (chosen in the editor, or the doubtful one in turn). */
  markedHit: number | null;
  /** A moment whose bar is to be in view; a new object is a new wish. */
  shown: { seconds: number } | null;
  /** A note (with the id of its hit) or a bar was clicked. */
  onSeek: (seconds: number, hit: number | null) => void;
  /** A rehearsal letter was clicked: the stretch up to the next one. */
  onSection?: (stretch: Loop) => void;
  /** What can be done with a bar is asked for: by the other button, or a long press. */
  onBarMenu?: ((seconds: number) => void) | undefined;
}

const NO_HITS: readonly Hit[] = [];

const Pages = memo(function Pages({ svg }: { svg: string }) {
  const pages = useMemo(() => readPages(svg), [svg]);
  return pages.map((page) => (
    <div
      key={page.number}
      className="score-page"
      style={{ aspectRatio: `${page.width} / ${page.height}` }}
      ref={(frame) => frame?.replaceChildren(page.element)}
    />
  ));
});

/** The page with a cursor that follows the sound. */
export function ScoreView({
  svg, isNarrow, clock, hits = NO_HITS, edited = hits, title, position, isPlaying, doubtful, doubtfulBars,
  markedHit, shown, onSeek, onSection, onBarMenu,
}: ScoreViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const cursorLine = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const root = frame.current;
    const line = cursorLine.current;
    if (!root || !line) return;
    const cursor = new ScoreCursor(root, line, clock);
    let request = 0;
    const follow = () => {
      cursor.moveTo(position(), isPlaying);
      request = requestAnimationFrame(follow);
    };
    follow();
    return () => {
      cancelAnimationFrame(request);
      cursor.close();
    };
  }, [svg, clock, position, isPlaying]);

  useEffect(() => {
    const root = frame.current;
    if (!root) return;
    for (const note of clock.map.notes) {
      const element = root.querySelector(`#${CSS.escape(note.id)}`);
      element?.toggleAttribute("data-doubt", doubtful.has(note.hit));
    }
  }, [svg, clock, doubtful]);

  useEffect(() => {
    for (const bar of frame.current?.querySelectorAll("g.measure") ?? []) {
      bar.toggleAttribute("data-doubtful", doubtfulBars?.has(bar.id) ?? false);
    }
  }, [svg, doubtfulBars]);

  useEffect(() => {
    const root = frame.current;
    return root ? pencil(root, clock, unwritten(hits, edited)) : undefined;
  }, [svg, clock, hits, edited]);

  useEffect(() => {
    const id = markedHit === null ? undefined : clock.elementOf(markedHit);
    const element = id ? frame.current?.querySelector(`#${CSS.escape(id)}`) : null;
    const root = frame.current;
    if (!root || !element) return;
    element.setAttribute("data-marked", "");
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
    const ring = document.createElement("div");
    ring.className = "score-ring";
    root.append(ring);
    const place = () => {
      const head = (element.querySelector(".notehead") ?? element).getBoundingClientRect();
      const box = root.getBoundingClientRect();
      const [x, y] = [head.left + head.width / 2 - box.left, head.top + head.height / 2 - box.top];
      ring.style.transform = `translate(${x}px, ${y}px)`;
    };
    const sizes = new ResizeObserver(place);
    sizes.observe(root);
    return () => {
      sizes.disconnect();
      ring.remove();
      element.removeAttribute("data-marked");
    };
  }, [svg, clock, markedHit]);

  useEffect(() => {
    const id = shown ? clock.measure(Math.max(0, clock.measureAt(shown.seconds)))?.svg_id : null;
    const bar = id ? frame.current?.querySelector(`#${CSS.escape(id)}`) : null;
    if (bar) bringBarIntoView(bar, frame.current?.parentElement ?? null);
  }, [clock, shown]);

  const onClick = (event: React.MouseEvent) => {
    const target = event.target as Element;
    const section = onSection && frame.current ? sectionAt(frame.current, target, clock) : null;
    if (section) return onSection?.(section);
    const noteId = target.closest('[id^="hit-"]')?.id;
    const note = noteId ? clock.note(noteId) : undefined;
    if (note) return onSeek(note.time_seconds, note.hit);
    const measure = measureUnder(event);
    if (measure) onSeek(measure.start_seconds, null);
  };
  const measureUnder = ({ clientX, clientY }: Point) => {
    const barId = barUnder(frame.current, clientX, clientY);
    return barId ? clock.measureOf(barId) : undefined;
  };
  const press = useLongPress((at) => {
    const measure = measureUnder(at);
    if (measure) onBarMenu?.(measure.start_seconds);
    return measure !== undefined;
  });

  return (
    // A click is a short cut: the slider, the loop and the grid do the same by keyboard.
    <div className="score-frame">
      <div
        ref={frame}
        role="img"
        aria-label={say("score.label", { title, bars: clock.map.measures.length })}
        className="score"
        data-narrow={isNarrow ? "" : undefined}
        onClick={onClick}
        {...(onBarMenu ? press : {})}
      >
        <div ref={cursorLine} className="score-cursor" aria-hidden="true" />
        <Pages svg={svg} />
      </div>
    </div>
  );
}

/** The bar whose box holds a point: the white between the notes belongs to it too. */
function barUnder(root: Element | null, x: number, y: number): string | null {
  for (const bar of root?.querySelectorAll('g.measure[id^="bar-"]') ?? []) {
    const box = bar.getBoundingClientRect();
    if (x >= box.left && x <= box.right && y >= box.top && y <= box.bottom) return bar.id;
  }
  return null;
}
