import { useCallback } from "react";
import type { PlayerEngine } from "@/features/player/engine";
import type { PlayerState } from "@/features/player/playerState";
import { clockWords } from "@/features/player/TransportBar";
import { barLoop, loopFrom } from "@/music/loop";
import type { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import { useAudition } from "./useAudition";

/** Of the music around a doubtful note. */
const AUDITION_BARS = 2;

/** Where one is in the song, in seconds and in bars, and the ways from there. isListening: the panel is open that listens to stretches. */
export function useWayThrough(
  engine: PlayerEngine | null, state: PlayerState | null, clock: ScoreClock | null, isListening: boolean,
) {
  const audition = useAudition(engine, state, isListening);
  const position = useCallback(() => engine?.position() ?? 0, [engine]);
  const positionWords = useCallback(
    (seconds: number) => {
      const bar = clock?.measure(clock.measureAt(seconds))?.number;
      return bar === undefined ? clockWords(seconds) : say("player.bar_at", { bar, time: clockWords(seconds) });
    },
    [clock],
  );
  return {
    position,
    positionWords,
    toBar: (by: 1 | -1) => {
      const bar = clock?.nextBarFrom(position(), by);
      if (bar) engine?.seek(Math.max(0, bar.start_seconds));
    },
    /** Of the bars from here on. */
    toggleLoop: () => {
      if (engine && clock) engine.setLoop(state?.loop ? null : loopFrom(clock, position()));
    },
    /** Plays the bars around a moment, again and again. */
    listen: (seconds: number) => {
      if (!engine || !clock) return;
      const bar = Math.max(0, clock.measureAt(seconds));
      const loop = barLoop(clock.map.measures, bar, bar + AUDITION_BARS - 1);
      audition(loop);
      engine.seek(loop?.startSeconds ?? seconds);
      void engine.play();
    },
  };
}
