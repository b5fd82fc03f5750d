import { FIRST_PRACTICE, type Practice } from "./practice";
import type { StemName } from "./recording";

export interface PlayerState extends Practice {
  isPlaying: boolean;
  /** Clicks are counted, the song has not begun. */
  isCountingIn: boolean;
  durationSeconds: number;
  stems: readonly StemName[];
}

/** The player's state, for whoever wants to be told of each change. */
export class ToldState {
  now: PlayerState = { isPlaying: false, isCountingIn: false, ...FIRST_PRACTICE, durationSeconds: 0, stems: [] };
  private readonly listeners = new Set<() => void>();

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  change(change: Partial<PlayerState>): void {
    this.now = { ...this.now, ...change };
    this.tell();
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }

  close(): void {
    this.listeners.clear();
  }
}
