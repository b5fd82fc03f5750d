import { fileSize } from "@/lib/format";
import { say } from "@/words";
import "@/words/form";
import { headOf, PEEKED_BYTES, refusalByHead, type Limits } from "../checkFile";
import { entriesOf, headsOf, UnreadableArchive } from "./archive";
import { isLitter, lastPart, type Candidate, type Found, type LeftOut } from "./found";
import { MOST_FILES } from "./gather";

/** What can be sent, and what cannot; `litter` counts what the system left lying about. */
export interface Sifted {
  songs: Candidate[];
  leftOut: LeftOut[];
  litter: number;
}

const ZIP = "PK\x03\x04";

/** Looks at the first bytes of every file, those inside ZIP archives too. */
export async function sift(found: readonly Found[], limits: Limits | undefined): Promise<Sifted> {
  const sifted: Sifted = { songs: [], leftOut: [], litter: 0 };
  for (const { path, file } of found.slice(0, MOST_FILES)) {
    if (isLitter(path)) {
      sifted.litter += 1;
      continue;
    }
    const head = await headOf(file).catch(() => null);
    if (head?.startsWith(ZIP)) await siftArchive(file, path, limits, sifted);
    else {
      const about = { name: lastPart(path), type: file.type, sizeBytes: file.size };
      take(sifted, path, refusalByHead(about, head, limits), {
        name: about.name, sizeBytes: file.size, file, entry: null,
      });
    }
  }
  if (found.length > MOST_FILES) {
    const reason = say("form.only_first", { most: MOST_FILES });
    sifted.leftOut.push({ path: say("form.everything_else"), reason });
  }
  return sifted;
}

async function siftArchive(
  archive: File, path: string, limits: Limits | undefined, sifted: Sifted,
): Promise<void> {
  try {
    const all = await entriesOf(archive);
    const wanted = all.filter((entry) => !isLitter(entry.path));
    sifted.litter += all.length - wanted.length;
    if (wanted.length === 0) sifted.leftOut.push({ path, reason: say("form.no_file_inside") });
    const open = wanted.filter((entry) => !entry.isLocked).map((entry) => entry.path);
    const heads = await headsOf(archive, new Set(open), PEEKED_BYTES);
    for (const { path: inside, sizeBytes, isLocked } of wanted) {
      const bytes = heads.get(inside);
      const about = { name: lastPart(inside), type: "", sizeBytes };
      const refusal = isLocked
        ? say("form.locked")
        : bytes
          ? refusalByHead(about, String.fromCharCode(...bytes), limits)
          : say("form.cannot_unpack");
      take(sifted, `${path}/${inside}`, refusal, {
        name: about.name, sizeBytes, file: archive, entry: inside,
      });
    }
  } catch (error) {
    if (!(error instanceof UnreadableArchive)) throw error;
    sifted.leftOut.push({ path, reason: error.message });
  }
}

function take(sifted: Sifted, path: string, refusal: string | null, song: Candidate): void {
  if (refusal === null) sifted.songs.push(song);
  else sifted.leftOut.push({ path, reason: refusal });
}

/** `42 MB`. */
export const totalSize = (songs: readonly Candidate[]): string =>
  fileSize(songs.reduce((sum, song) => sum + song.sizeBytes, 0));
