/** A file that was handed over, by the path that it was found at, such as `album/01 Intro.mp3`. */
export interface Found {
  path: string;
  file: File;
}

/** A recording that can be sent when its turn comes. */
export interface Candidate {
  /** As its owner knows it: the last part of its path. */
  name: string;
  sizeBytes: number;
  /** Where the bytes are: in a file, or in an archive by the name of an entry. */
  file: File;
  entry: string | null;
}

/** Something that is not taken, and why. */
export interface LeftOut {
  path: string;
  reason: string;
}

export const lastPart = (path: string): string => path.split("/").at(-1) ?? path;

/** What systems leave lying in folders and archives; nobody means to hand these in. */
export function isLitter(path: string): boolean {
  const name = lastPart(path);
  return (
    path.split("/").includes("__MACOSX") ||
    name.startsWith("._") ||
    [".ds_store", "thumbs.db", "desktop.ini"].includes(name.toLowerCase())
  );
}
