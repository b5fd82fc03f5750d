import type { SongOptions } from "../sendSong";

/** Where a song of the queue is. */
export type Phase =
  | { name: "waiting" }
  /** fraction: of its bytes that have left, 0..1. */
  | { name: "sending"; fraction: number }
  | { name: "working"; jobId: string; progress: number }
  | { name: "done"; jobId: string }
  /** jobId: of the job that failed; null where none was made. */
  | { name: "failed"; jobId: string | null; reason: string };

export interface QueueItem {
  /** Also its idempotency key: however often it is sent, it becomes one job. */
  id: string;
  name: string;
  sizeBytes: number;
  options: SongOptions;
  phase: Phase;
  /** The browser keeps it: it is still there after the page was closed. */
  isKept: boolean;
}

/** What holds all songs up, where something does. */
export type Hold =
  | { name: "offline" }
  | { name: "refused"; title: string; help: string };

export interface QueueSnapshot {
  items: readonly QueueItem[];
  hold: Hold | null;
}

export const isEnded = ({ phase }: QueueItem): boolean =>
  phase.name === "done" || phase.name === "failed";

/** Its bytes are still needed here. */
export const isUnsent = ({ phase }: QueueItem): boolean =>
  phase.name === "waiting" || phase.name === "sending";
