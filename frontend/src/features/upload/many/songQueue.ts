import { ApiProblem } from "@/api/problem";
import { newKey } from "@/lib/newKey";
import { say } from "@/words";
import { refusalWords } from "../refusals";
import type { SongOptions } from "../sendSong";
import { openEntry, UnreadableArchive } from "./archive";
import type { QueueDoors } from "./doors";
import type { Candidate } from "./found";
import { isEnded, isUnsent, type Hold, type Phase, type QueueItem, type QueueSnapshot } from "./queueItem";
import { QueueKeeper } from "./queueKeeper";
import type { QueueStore } from "./queueStore";

const TICK_MILLISECONDS = 2000;
/** After the service said "not now" without saying for how long. */
const PAUSE_SECONDS = 5;

const EMPTY: QueueSnapshot = { items: [], hold: null };

/**
 * Songs that are handed in one after the other, no more at a time than the service takes in; each
 * is followed until its page is there. Lives as long as the tab; what the store kept goes on in
 * the next one.
 */
export class SongQueue {
  private shown: QueueSnapshot = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly keeper: QueueKeeper;
  private sending: { id: string; controller: AbortController } | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isTicking = false;
  private pausedUntil = 0;

  /** listChanged: is told when a song has become a job, or a job has ended. */
  constructor(
    private readonly doors: QueueDoors, store: QueueStore, private readonly listChanged: () => void,
  ) {
    this.keeper = new QueueKeeper(store);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): QueueSnapshot => this.shown;

  /** Begins, with what an earlier tab left undone. */
  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    addEventListener("online", this.onOnline);
    void this.keeper.adopt().then((items) => {
      const known = new Set(this.shown.items.map(({ id }) => id));
      this.show([...items.filter(({ id }) => !known.has(id)), ...this.shown.items]);
      void this.tick();
    });
  }

  /** Stops sending and following; nothing is forgotten. */
  stop(): void {
    this.isRunning = false;
    removeEventListener("online", this.onOnline);
    clearTimeout(this.timer);
    this.sending?.controller.abort();
    this.sending = null;
  }

  add(songs: readonly Candidate[], options: SongOptions): void {
    const at = Date.now().toString(36).padStart(9, "0");
    const items = songs.map((song, index): QueueItem => ({
      // Sorted by id they are in the order of their coming.
      id: `${at}-${String(index).padStart(4, "0")}-${newKey()}`,
      name: song.name,
      sizeBytes: song.sizeBytes,
      options,
      phase: { name: "waiting" },
      isKept: false,
    }));
    this.show([...this.shown.items, ...items]);
    void this.keeper.keep(items, songs).then((kept) => {
      this.show(this.shown.items.map((item) => (kept.has(item.id) ? { ...item, isKept: true } : item)));
      // They may have gone on while they were copied, or were taken out.
      for (const item of this.shown.items) if (kept.has(item.id)) this.keeper.update(item);
      const here = new Set(this.shown.items.map(({ id }) => id));
      void this.keeper.forget([...kept].filter((id) => !here.has(id)));
    });
    void this.tick();
  }

  /** A song that failed is handed in again; whatever held the queue up may be over. */
  retry(id: string): void {
    // Another key: the one of before belongs to the job that failed.
    const item = this.shown.items.find((one) => one.id === id);
    if (!item || item.phase.name !== "failed" || !this.keeper.hasBytes(id)) return;
    const again: QueueItem = { ...item, id: `${item.id.slice(0, 14)}-${newKey()}`, phase: { name: "waiting" } };
    this.keeper.rename(id, again);
    this.show(this.shown.items.map((one) => (one.id === id ? again : one)));
    void this.tick();
  }

  /** Whether the bytes of a failed song are still here to be sent again. */
  canRetry(id: string): boolean {
    return this.keeper.hasBytes(id);
  }

  goOn(): void {
    this.pausedUntil = 0;
    this.show(this.shown.items, null);
    void this.tick();
  }

  /** Takes a song out; what has become a job stays one. */
  remove(ids: readonly string[]): void {
    if (this.sending && ids.includes(this.sending.id)) this.sending.controller.abort();
    this.show(this.shown.items.filter(({ id }) => !ids.includes(id)));
    void this.keeper.forget(ids);
  }

  private readonly onOnline = (): void => this.goOn();

  private show(items: readonly QueueItem[], hold: Hold | null = this.shown.hold): void {
    this.shown = { items, hold: items.some(isUnsent) ? hold : null };
    for (const listener of this.listeners) listener();
  }

  private setPhase(id: string, phase: Phase): void {
    this.show(this.shown.items.map((item) => (item.id === id ? { ...item, phase } : item)));
    const item = this.shown.items.find((one) => one.id === id);
    if (item && phase.name !== "sending") this.keeper.update(item);
  }

  private async tick(): Promise<void> {
    if (!this.isRunning || this.isTicking) return;
    this.isTicking = true;
    clearTimeout(this.timer);
    try {
      await this.followJobs();
      await this.sendNext();
    } finally {
      this.isTicking = false;
    }
    if (this.isRunning && !this.shown.items.every(isEnded)) {
      this.timer = setTimeout(() => void this.tick(), TICK_MILLISECONDS);
    }
  }

  private async followJobs(): Promise<void> {
    await Promise.all(
      this.shown.items.map(async ({ id, phase }) => {
        if (phase.name !== "working") return;
        const next = await this.lookAt(phase.jobId);
        if (!next) return;
        this.setPhase(id, next);
        if (next.name !== "working") this.listChanged();
      }),
    );
  }

  private async lookAt(jobId: string): Promise<Phase | null> {
    try {
      const job = await this.doors.look(jobId);
      if (job.status === "completed") return { name: "done", jobId };
      if (job.status === "failed") {
        return { name: "failed", jobId, reason: job.error?.message ?? say("queue.did_not_work") };
      }
      if (job.status === "cancelled") return { name: "failed", jobId, reason: say("queue.was_cancelled") };
      return { name: "working", jobId, progress: job.progress };
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 404) {
        return { name: "failed", jobId: null, reason: say("queue.was_deleted") };
      }
      return null;
    }
  }

  private async sendNext(): Promise<void> {
    const next = this.shown.items.find(({ phase }) => phase.name === "waiting");
    if (!next || this.sending || Date.now() < this.pausedUntil) return;
    if (this.shown.hold?.name === "refused") return;
    try {
      if ((await this.doors.countFree()) < 1) return this.show(this.shown.items, null);
    } catch {
      return this.show(this.shown.items, { name: "offline" });
    }
    // It may have been taken out meanwhile.
    if (!this.isRunning || !this.shown.items.some(({ id }) => id === next.id)) return;
    const controller = new AbortController();
    this.sending = { id: next.id, controller };
    this.show(this.shown.items, null);
    void this.send(next, controller.signal).finally(() => {
      if (this.sending?.controller === controller) this.sending = null;
      void this.tick();
    });
  }

  private async send(item: QueueItem, signal: AbortSignal): Promise<void> {
    this.setPhase(item.id, { name: "sending", fraction: 0 });
    try {
      const file = await this.bytesOf(item);
      signal.throwIfAborted();
      const job = await this.doors.send(
        item, file, (fraction) => {
          if (!signal.aborted) this.setPhase(item.id, { name: "sending", fraction });
        }, signal,
      );
      this.setPhase(item.id, { name: "working", jobId: job.job_id, progress: 0 });
      this.listChanged();
    } catch (error) {
      if (signal.aborted) return this.setPhase(item.id, { name: "waiting" });
      this.afterFailure(item, error);
    }
  }

  private async bytesOf(item: QueueItem): Promise<File> {
    const place = await this.keeper.bytesOf(item.id);
    if (!place) throw new UnreadableArchive(say("queue.lost_file"));
    return place.entry === null
      ? place.file
      : openEntry(place.file, place.entry, await this.doors.maxBytes());
  }

  private afterFailure(item: QueueItem, error: unknown): void {
    if (!(error instanceof ApiProblem)) {
      const reason = error instanceof UnreadableArchive ? error.message : String(error);
      return this.setPhase(item.id, { name: "failed", jobId: null, reason });
    }
    const { title, help } = refusalWords(error);
    if (error.isPassing || error.code === "not_authenticated" || error.code === "storage_full") {
      this.setPhase(item.id, { name: "waiting" });
      this.pausedUntil = Date.now() + 1000 * (error.retryAfterSeconds ?? PAUSE_SECONDS);
      const isOnlyBusy = error.status === 429;
      const isRefused = ["not_authenticated", "storage_full"].includes(error.code);
      const hold: Hold = isRefused ? { name: "refused", title, help } : { name: "offline" };
      return this.show(this.shown.items, isOnlyBusy ? null : hold);
    }
    this.setPhase(item.id, { name: "failed", jobId: null, reason: `${title}. ${help}` });
  }
}
