import { say } from "@/words";
import { STAGES } from "./words";

/*
  The progress bar is a bar of music: four of them, one per stage, a groove that is written down as
  the song is. x and y in drawing units; the staff's lines are 10 apart.
*/
const BAR_WIDTH = 160;
const LEFT = 34;
const TOP = 34;
const LINES = [0, 10, 20, 30, 40];
const HAT_Y = TOP - 8;
const SNARE_Y = TOP + 15;
const KICK_Y = TOP + 35;
const STEM_UP_Y = TOP - 26;
const STEM_DOWN_Y = TOP + 58;
const EIGHTHS = 8;
const MARGIN = 8;
const HEIGHT = 118;

interface Slot {
  x: number;
  eighth: number;
  /** The groove: kick on 1 and 3 (and before 3), snare on 2 and 4. */
  hasKick: boolean;
  hasSnare: boolean;
}

const SLOTS: readonly Slot[] = STAGES.flatMap((_, bar) =>
  Array.from({ length: EIGHTHS }, (_, eighth) => ({
    x: LEFT + bar * BAR_WIDTH + 18 + eighth * 18,
    eighth,
    hasKick: eighth === 0 || eighth === 4 || (bar % 2 === 1 && eighth === 3),
    hasSnare: eighth === 2 || eighth === 6,
  })),
);

/** How many eighths are written at a progress of 0..100; each stage fills one bar. */
export function writtenSlots(progress: number): number {
  const bar = STAGES.findIndex((stage) => progress < stage.to);
  const stage = STAGES[bar];
  if (!stage) return SLOTS.length;
  const within = Math.max(0, progress - stage.from) / (stage.to - stage.from);
  return bar * EIGHTHS + Math.floor(within * EIGHTHS);
}

/** The bars, with the names of their stages below. firstBar, bars: the part that is shown. */
export function StaffProgress({
  progress,
  isRunning,
  firstBar = 0,
  bars = STAGES.length,
  className = "",
}: {
  progress: number;
  isRunning: boolean;
  firstBar?: number;
  bars?: number;
  className?: string;
}) {
  const written = writtenSlots(progress);
  const current = isRunning ? Math.floor(written / EIGHTHS) : -1;
  const width = LEFT + bars * BAR_WIDTH + MARGIN;
  const shown = STAGES.slice(firstBar, firstBar + bars);
  return (
    <svg viewBox={`0 0 ${width} ${HEIGHT}`} className={`w-full ${className}`} aria-hidden="true">
      {LINES.map((line) => (
        <line
          key={line}
          x1="2"
          x2={width - MARGIN}
          y1={TOP + line}
          y2={TOP + line}
          stroke="var(--line-strong)"
          strokeWidth="1"
        />
      ))}
      {/* The percussion clef. */}
      <rect x="10" y={TOP + 10} width="4" height="20" fill="var(--ink)" />
      <rect x="18" y={TOP + 10} width="4" height="20" fill="var(--ink)" />
      {shown.map((stage, bar) => (
        <g key={stage.status}>
          <line
            x1={LEFT + (bar + 1) * BAR_WIDTH}
            x2={LEFT + (bar + 1) * BAR_WIDTH}
            y1={TOP}
            y2={TOP + 40}
            stroke="var(--ink-soft)"
            strokeWidth={firstBar + bar === STAGES.length - 1 ? 5 : 1.4}
          />
          <text
            x={LEFT + bar * BAR_WIDTH + 13}
            y={HEIGHT - 6}
            fontSize="14"
            fontWeight={firstBar + bar === current ? 700 : 400}
            fill={firstBar + bar === current ? "var(--ink)" : "var(--ink-faint)"}
          >
            {say(stage.name)}
          </text>
        </g>
      ))}
      <line x1="2" x2="2" y1={TOP} y2={TOP + 40} stroke="var(--ink-soft)" strokeWidth="1.4" />
      {SLOTS.slice(firstBar * EIGHTHS, (firstBar + bars) * EIGHTHS).map((slot, place) => {
        const index = firstBar * EIGHTHS + place;
        const isNext = isRunning && index === written;
        return (
          <g
            key={slot.x}
            className={isNext ? "note-next" : "transition-opacity duration-500"}
            opacity={index < written ? 1 : isNext ? undefined : 0.14}
            stroke="var(--ink)"
            fill="var(--ink)"
          >
            <Eighth slot={{ ...slot, x: slot.x - firstBar * BAR_WIDTH }} />
          </g>
        );
      })}
    </svg>
  );
}

function Eighth({ slot: { x, eighth, hasKick, hasSnare } }: { slot: Slot }) {
  const stem = x + 4.5;
  const isFirstOfPair = eighth % 2 === 0;
  return (
    <>
      <path
        d={`M${x - 4} ${HAT_Y - 4}l8 8m0 -8l-8 8`}
        fill="none"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
      <line x1={stem} x2={stem} y1={hasSnare ? SNARE_Y : HAT_Y} y2={STEM_UP_Y} strokeWidth="1.3" />
      {isFirstOfPair ? (
        <rect x={stem - 0.6} y={STEM_UP_Y} width={19.2} height="4.5" stroke="none" />
      ) : null}
      {hasSnare ? <Head x={x} y={SNARE_Y} /> : null}
      {hasKick ? (
        <>
          <Head x={x} y={KICK_Y} />
          <line x1={x - 4.6} x2={x - 4.6} y1={KICK_Y} y2={STEM_DOWN_Y} strokeWidth="1.3" />
        </>
      ) : null}
    </>
  );
}

function Head({ x, y }: { x: number; y: number }) {
  return <ellipse cx={x} cy={y} rx="5.4" ry="4" transform={`rotate(-20 ${x} ${y})`} stroke="none" />;
}
