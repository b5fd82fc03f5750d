import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Download } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import { loadRecording, type StemAddress, type StemName } from "./recording";
import type { Peaks } from "./waveform";

const STEMS: readonly StemName[] = ["recording", "drums", "backing"];
const EMPTY: PlayerState | null = null;

export type SoundState =
  | { kind: "loading"; share: number }
  | { kind: "ready"; peaks: Peaks; isReduced: boolean }
  /** isPassing: it may come if it is asked for again. */
  | { kind: "failed"; isPassing: boolean };

export interface Player {
  /** null until the page is there, and where the browser has nothing to play on. */
  engine: PlayerEngine | null;
  state: PlayerState | null;
  sound: SoundState;
  loadAgain: () => void;
}

const nothing = () => () => undefined;

/** null where the browser gives no device (too many pages have one, or sound is switched off). */
function openDevice(): AudioContext | null {
  // An iPhone's ring switch silences the page unless it says that playing is what it is there for.
  const { audioSession } = navigator as Navigator & { audioSession?: { type: string } };
  if (audioSession) audioSession.type = "playback";
  try {
    return new AudioContext({ latencyHint: "interactive" });
  } catch {
    return null;
  }
}

/**
 * An engine for one job's sound; made when the page is there, closed when it goes.
 *
 * Other downloads (stems, later) come into the same engine, while it plays.
 */
export function usePlayer(downloads: readonly Download[], durationSeconds: number): Player {
  const [engine, setEngine] = useState<PlayerEngine | null>(null);
  const [sound, setSound] = useState<SoundState>({ kind: "loading", share: 0 });
  const [attempt, setAttempt] = useState(0);
  // Edits make new downloads of everything else; the sound stays what it was.
  const addresses = JSON.stringify(
    STEMS.flatMap((name): StemAddress[] => {
      const found = downloads.find((download) => download.format === name);
      return found ? [{ name, url: found.url }] : [];
    }),
  );

  useEffect(() => {
    const device = openDevice();
    const made = device && new PlayerEngine(device);
    const open = async () => {
      setEngine(made);
      setSound(made ? { kind: "loading", share: 0 } : { kind: "failed", isPassing: false });
    };
    void open();
    return () => void made?.close();
  }, [attempt]);

  useEffect(() => {
    if (!engine) return;
    const abort = new AbortController();
    // What is there goes on playing until more has come: stems, after the drums were heard alone.
    const tell = (next: SoundState) =>
      setSound((now) => (now.kind === "ready" && next.kind !== "ready" ? now : next));
    const load = async () => {
      tell({ kind: "loading", share: 0 });
      try {
        const recording = await loadRecording(
          engine.context,
          JSON.parse(addresses) as StemAddress[],
          durationSeconds,
          abort.signal,
          (share) => tell({ kind: "loading", share }),
        );
        const { peaks, isReduced } = recording;
        await engine.setRecording(recording);
        if (!abort.signal.aborted) tell({ kind: "ready", peaks, isReduced });
      } catch (error) {
        if (abort.signal.aborted) return;
        // What is left to be heard.
        if (engine.snapshot().stems.length === 0) engine.hearOnly(["kit"]);
        tell({ kind: "failed", isPassing: error instanceof ApiProblem && error.isPassing });
      }
    };
    void load();
    return () => abort.abort();
  }, [engine, addresses, durationSeconds]);

  const state = useSyncExternalStore(
    engine?.subscribe ?? nothing,
    () => engine?.snapshot() ?? EMPTY,
    () => EMPTY,
  );
  const loadAgain = useCallback(() => setAttempt((before) => before + 1), []);
  return { engine, state, sound, loadAgain };
}
