import type { Entry, FileEntry } from "@zip.js/zip.js";
import { say } from "@/words";

/*
  ZIP archives are opened here and not on the service: songs leave one by one, each within the
  service's own limit, and an archive of gigabytes is never sent or unpacked as a whole.
*/

/** More files than this are no album; looking at each would take minutes. */
const MOST_ENTRIES = 2000;

/** The archive cannot be read; the message says why, to its owner. */
export class UnreadableArchive extends Error {}

export interface ArchiveEntry {
  path: string;
  /** As the archive says; `openEntry` does not believe it. */
  sizeBytes: number;
  isLocked: boolean;
}

/** Loaded when the first archive comes. */
const loadReader = () => import("@zip.js/zip.js/lib/zip-core-native.js");

/** The files of a ZIP archive; only its table of contents is read. Throws UnreadableArchive. */
export async function entriesOf(archive: File): Promise<ArchiveEntry[]> {
  return reading(archive, (entries) =>
    entries
      .filter((entry) => !entry.directory)
      .map((entry) => ({
        path: entry.filename,
        sizeBytes: entry.uncompressedSize,
        isLocked: entry.encrypted,
      })),
  );
}

/** The first bytes of some files of an archive, by path. Throws UnreadableArchive. */
export async function headsOf(
  archive: File, paths: ReadonlySet<string>, bytes: number,
): Promise<Map<string, Uint8Array | null>> {
  return reading(archive, async (entries) => {
    const heads = new Map<string, Uint8Array | null>();
    for (const entry of entries) {
      if (entry.directory || !paths.has(entry.filename)) continue;
      heads.set(entry.filename, await beginning(entry, bytes).catch(() => null));
    }
    return heads;
  });
}

/**
 * One file of an archive, unpacked. maxBytes: more than these are not unpacked, whatever the
 * archive says about its size. Throws UnreadableArchive.
 */
export async function openEntry(archive: File, path: string, maxBytes: number): Promise<File> {
  return reading(archive, async (entries) => {
    const entry = entries.find((one): one is FileEntry => !one.directory && one.filename === path);
    if (!entry) throw new UnreadableArchive(say("form.not_in_archive"));
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    await unpack(entry, (chunk) => {
      size += chunk.length;
      if (size > maxBytes) {
        throw new UnreadableArchive(say("form.larger_than_said"));
      }
      parts.push(chunk);
      return true;
    });
    return new File(parts, path.split("/").at(-1) ?? path);
  });
}

async function reading<T>(archive: File, read: (entries: Entry[]) => T | Promise<T>): Promise<T> {
  const zip = await loadReader();
  const options = { useWebWorkers: false, checkOverlappingEntry: true };
  const reader = new zip.ZipReader(new zip.BlobReader(archive), options);
  try {
    const entries: Entry[] = [];
    for await (const entry of reader.getEntriesGenerator()) {
      entries.push(entry);
      if (entries.length > MOST_ENTRIES) {
        throw new UnreadableArchive(say("form.too_many_entries", { most: MOST_ENTRIES }));
      }
    }
    return await read(entries);
  } catch (error) {
    if (error instanceof UnreadableArchive) throw error;
    throw new UnreadableArchive(say("form.archive_damaged"));
  } finally {
    await reader.close().catch(() => undefined);
  }
}

async function beginning(entry: FileEntry, bytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(bytes);
  let filled = 0;
  await unpack(entry, (chunk) => {
    const part = chunk.subarray(0, bytes - filled);
    head.set(part, filled);
    filled += part.length;
    return filled < bytes;
  });
  return head.subarray(0, filled);
}

/** Unpacks a file chunk by chunk until `take` has had enough. */
async function unpack(
  entry: FileEntry, take: (chunk: Uint8Array<ArrayBuffer>) => boolean,
): Promise<void> {
  const stop = new AbortController();
  let hasEnough = false;
  let mistake: unknown = null;
  const sink = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(chunk) {
      if (hasEnough) return;
      try {
        hasEnough = !take(chunk);
      } catch (error) {
        mistake = error;
        hasEnough = true;
      }
      if (hasEnough) stop.abort();
    },
  });
  try {
    await entry.getData(sink, { signal: stop.signal });
  } catch (error) {
    if (!hasEnough) throw error;
  }
  if (mistake) throw mistake;
}
