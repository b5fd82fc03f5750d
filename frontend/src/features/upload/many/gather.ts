import type { Found } from "./found";

/** Whoever drops a whole disk means something else: `sift` says what was not looked at. */
export const MOST_FILES = 1000;

/**
 * All files of a drop, those in folders too, in the order of their paths.
 *
 * To be called while the event is handed out: the browser empties it afterwards.
 */
export async function filesOfDrop(drop: DataTransfer): Promise<Found[]> {
  const entries = [...drop.items]
    .filter((item) => item.kind === "file")
    .map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...drop.files];
  if (entries.length === 0 || entries.includes(null)) return filesOfList(files);
  const found: Found[] = [];
  for (const entry of entries) if (entry) await collect(entry, found);
  return inOrder(found);
}

/** Files that were chosen in a dialog; those of a folder know their paths. */
export function filesOfList(files: Iterable<File>): Found[] {
  const found = [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return inOrder(found);
}

async function collect(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (found.length > MOST_FILES) return;
  if (entry.isDirectory) {
    for (const inner of await entriesOf(entry as FileSystemDirectoryEntry)) {
      await collect(inner, found);
    }
    return;
  }
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject),
  );
  found.push({ path: entry.fullPath.replace(/^\//, ""), file });
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    // Browsers give a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

const inOrder = (found: Found[]): Found[] =>
  found.sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
