import { useCallback, useEffect, useRef } from "react";
import type { PlayerEngine } from "@/features/player/engine";
import type { PlayerState } from "@/features/player/playerState";
import type { Loop } from "@/music/loop";

/**
 * Loops a stretch to listen to, for as long as it is listened to: once the song is paused, or the panel
 * that asked for it is closed, the loop is the one from before. A loop that is set meanwhile stays.
 */
export function useAudition(
  engine: Pick<PlayerEngine, "setLoop"> | null, state: Pick<PlayerState, "isPlaying" | "loop"> | null, isOpen: boolean,
): (loop: Loop | null) => void {
  const heard = useRef<{ loop: Loop | null; before: Loop | null; hasPlayed: boolean } | null>(null);
  const loop = state?.loop ?? null;
  const isPlaying = state?.isPlaying ?? false;
  useEffect(() => {
    const now = heard.current;
    if (!now || !engine) return;
    if (isPlaying) now.hasPlayed = true;
    if (loop !== now.loop) {
      heard.current = null;
    } else if (!isOpen || (now.hasPlayed && !isPlaying)) {
      heard.current = null;
      engine.setLoop(now.before);
    }
  }, [engine, isPlaying, isOpen, loop]);
  return useCallback(
    (next: Loop | null) => {
      if (!engine) return;
      // From one stretch to the next: the loop from before is that before the first.
      heard.current = { loop: next, before: heard.current ? heard.current.before : loop, hasPlayed: false };
      engine.setLoop(next);
    },
    [engine, loop],
  );
}
