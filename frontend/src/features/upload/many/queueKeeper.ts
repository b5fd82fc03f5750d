import { newKey } from "@/lib/newKey";
import type { Candidate } from "./found";
import { isUnsent, type QueueItem } from "./queueItem";
import { fileIdsOf, type KeptSong, type QueueStore } from "./queueStore";

const LOCK = "drumscribe-queue-";

type Place = { file: File | null; fileId: string; entry: string | null };

/**
 * Where the bytes of the queue's songs are, and their copies in the browser's store.
 *
 * The store serves all tabs; each song belongs to the tab that it was dropped into, as long as that
 * is open. Nothing is lost where a browser keeps nothing: the songs then live as long as the tab.
 */
export class QueueKeeper {
  private readonly places = new Map<string, Place>();
  private readonly tab = newKey();

  constructor(private readonly store: QueueStore) {
    // Held until the tab is gone. Without locks (an origin that is not secure) two tabs may send
    // the same song; its key makes one job of that.
    void globalThis.navigator?.locks?.request(LOCK + this.tab, () => new Promise(() => undefined));
  }

  /** The songs of tabs that are gone, as waiting or working; empty where nothing is kept. */
  async adopt(): Promise<QueueItem[]> {
    try {
      const others = await openTabs();
      const songs = (await this.store.load()).filter(({ tab }) => !others.has(tab));
      const items = songs.map(({ item, place }) => {
        if (place) this.places.set(item.id, { ...place, file: null });
        return item.phase.name === "sending" ? { ...item, phase: { name: "waiting" as const } } : item;
      });
      await this.store.put(items.map((item) => this.songOf(item)));
      return items;
    } catch {
      return [];
    }
  }

  /** Copies songs into the store; the ids of those that it has. */
  async keep(items: readonly QueueItem[], songs: readonly Candidate[]): Promise<ReadonlySet<string>> {
    const fileIds = fileIdsOf(songs, newKey);
    items.forEach((item, index) => {
      const { file, entry } = songs[index] as Candidate;
      this.places.set(item.id, { file, entry, fileId: fileIds.get(file) ?? newKey() });
    });
    const kept = new Set<string>();
    for (const [file, fileId] of fileIds) {
      const mine = items.filter(({ id }) => this.places.get(id)?.fileId === fileId);
      try {
        // The songs first: a file without one is thrown away.
        await this.store.put(mine.map((item) => this.songOf({ ...item, isKept: true })));
        await this.store.putFile(fileId, file);
        for (const { id } of mine) kept.add(id);
      } catch {
        // No room, or a private window: these live as long as the tab.
        await this.store.remove(mine.map(({ id }) => id)).catch(() => undefined);
      }
    }
    return kept;
  }

  async bytesOf(id: string): Promise<{ file: File; entry: string | null } | null> {
    const place = this.places.get(id);
    if (!place) return null;
    const file = place.file ?? (await this.store.file(place.fileId).catch(() => null));
    return file && { file, entry: place.entry };
  }

  hasBytes(id: string): boolean {
    return this.places.has(id);
  }

  /** Says how a song stands; its bytes are let go once it is a job that has not failed. */
  update(item: QueueItem): void {
    const isNeeded = isUnsent(item) || item.phase.name === "failed" || item.phase.name === "working";
    if (!isNeeded) this.places.delete(item.id);
    if (!item.isKept) return;
    void this.store.put([this.songOf(item)]).catch(() => undefined);
    if (!isNeeded) void this.dropFiles();
  }

  rename(id: string, item: QueueItem): void {
    const place = this.places.get(id);
    this.places.delete(id);
    if (place) this.places.set(item.id, place);
    if (!item.isKept) return;
    void this.store
      .put([this.songOf(item)])
      .then(() => this.store.remove([id]))
      .catch(() => undefined);
  }

  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.places.delete(id);
    await this.store.remove(ids).catch(() => undefined);
    await this.dropFiles();
  }

  private async dropFiles(): Promise<void> {
    try {
      const songs = await this.store.load();
      await this.store.dropFiles(new Set(songs.flatMap(({ place }) => (place ? [place.fileId] : []))));
    } catch {
      // They go with the next one.
    }
  }

  private songOf(item: QueueItem): KeptSong {
    const place = this.places.get(item.id);
    return { item, tab: this.tab, place: place ? { fileId: place.fileId, entry: place.entry } : null };
  }
}

/** The names of tabs that are open and hold their lock. */
async function openTabs(): Promise<ReadonlySet<string>> {
  const held = (await globalThis.navigator?.locks?.query())?.held ?? [];
  return new Set(held.map(({ name }) => name?.replace(LOCK, "") ?? ""));
}
