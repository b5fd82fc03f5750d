import { useEffect, useState, useSyncExternalStore } from "react";
import type { Download } from "@/api/client";
import { PlayerEngine, type PlayerState } from "./engine";
import { loadRecording, type StemAddress, type StemName } from "./recording";
import type { Peaks } from "./waveform";

const STEMS: readonly StemName[] = ["original", "drums", "backing"];
const EMPTY: PlayerState | null = null;

export type SoundState =
  | { kind: "loading"; share: number }
  | { kind: "ready"; peaks: Peaks; isReduced: boolean }
  | { kind: "failed"; error: unknown };

export interface Player {
  engine: PlayerEngine | null;
  state: PlayerState | null;
  sound: SoundState;
}

const nothing = () => () => undefined;

/** An engine for one job's sound; made when the page is there, closed when it goes. */
export function usePlayer(downloads: readonly Download[], durationSeconds: number): Player {
  const [engine, setEngine] = useState<PlayerEngine | null>(null);
  const [sound, setSound] = useState<SoundState>({ kind: "loading", share: 0 });
  // Edits make new downloads of everything else; the sound stays what it was.
  const addresses = JSON.stringify(
    STEMS.flatMap((name): StemAddress[] => {
      const found = downloads.find((download) => download.format === name);
      return found ? [{ name, url: found.url }] : [];
    }),
  );

  useEffect(() => {
    const made = new PlayerEngine(new AudioContext({ latencyHint: "interactive" }));
    const abort = new AbortController();
    const load = async () => {
      setEngine(made);
      setSound({ kind: "loading", share: 0 });
      try {
        const recording = await loadRecording(
          made.context,
          JSON.parse(addresses) as StemAddress[],
          durationSeconds,
          abort.signal,
          (share) => setSound({ kind: "loading", share }),
        );
        const { peaks, isReduced } = recording;
        await made.setRecording(recording);
        if (!abort.signal.aborted) setSound({ kind: "ready", peaks, isReduced });
      } catch (error) {
        if (!abort.signal.aborted) setSound({ kind: "failed", error });
      }
    };
    void load();
    return () => {
      abort.abort();
      void made.close();
    };
  }, [addresses, durationSeconds]);

  const state = useSyncExternalStore(
    engine?.subscribe ?? nothing,
    () => engine?.snapshot() ?? EMPTY,
    () => EMPTY,
  );
  return { engine, state, sound };
}
