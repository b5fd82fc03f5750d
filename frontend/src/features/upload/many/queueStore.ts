import type { Candidate } from "./found";
import type { QueueItem } from "./queueItem";

/** A song of the queue as the browser keeps it. */
export interface KeptSong {
  item: QueueItem;
  /** The tab that it belongs to. */
  tab: string;
  /** Where its bytes are; null once they have been sent. */
  place: { fileId: string; entry: string | null } | null;
}

/** Keeps the queue while the page is closed. */
export interface QueueStore {
  load(): Promise<KeptSong[]>;
  /** Rejects where the browser has no room, or keeps nothing. */
  putFile(fileId: string, file: File): Promise<void>;
  file(fileId: string): Promise<File | null>;
  put(songs: readonly KeptSong[]): Promise<void>;
  remove(itemIds: readonly string[]): Promise<void>;
  /** Drops the files that no song needs any more. */
  dropFiles(needed: ReadonlySet<string>): Promise<void>;
}

const DATABASE = "drumscribe-queue";
const SONGS = "songs";
const FILES = "files";

/** The queue in IndexedDB: the one store of browsers that takes whole files. Songs come back by id. */
export class BrowserQueueStore implements QueueStore {
  private database: Promise<IDBDatabase> | null = null;

  private open(): Promise<IDBDatabase> {
    this.database ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(SONGS);
        request.result.createObjectStore(FILES);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("No database."));
    });
    return this.database;
  }

  /** Runs in one transaction, and waits until it has reached the disk. */
  private async within<T>(
    store: string, mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T> | null,
  ): Promise<T | undefined> {
    const database = await this.open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("It was not kept."));
      transaction.onerror = () => reject(transaction.error ?? new Error("It was not kept."));
    });
  }

  async load(): Promise<KeptSong[]> {
    return ((await this.within(SONGS, "readonly", (store) => store.getAll())) ?? []) as KeptSong[];
  }

  async putFile(fileId: string, file: File): Promise<void> {
    await this.within(FILES, "readwrite", (store) => store.put(file, fileId));
  }

  async file(fileId: string): Promise<File | null> {
    const kept: unknown = await this.within(FILES, "readonly", (store) => store.get(fileId));
    return kept instanceof File ? kept : null;
  }

  async put(songs: readonly KeptSong[]): Promise<void> {
    await this.within(SONGS, "readwrite", (store) => {
      for (const song of songs) store.put(song, song.item.id);
      return null;
    });
  }

  async remove(itemIds: readonly string[]): Promise<void> {
    await this.within(SONGS, "readwrite", (store) => {
      for (const id of itemIds) store.delete(id);
      return null;
    });
  }

  async dropFiles(needed: ReadonlySet<string>): Promise<void> {
    const ids = (await this.within(FILES, "readonly", (store) => store.getAllKeys())) ?? [];
    await this.within(FILES, "readwrite", (store) => {
      for (const id of ids) if (!needed.has(String(id))) store.delete(id);
      return null;
    });
  }
}

/** The bytes of a candidate come from its file; songs of one archive share it. */
export function fileIdsOf(songs: readonly Candidate[], newId: () => string): Map<File, string> {
  const ids = new Map<File, string>();
  for (const { file } of songs) if (!ids.has(file)) ids.set(file, newId());
  return ids;
}
