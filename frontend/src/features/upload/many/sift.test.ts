import { TextReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { expect, test } from "vitest";
import { LIMITS } from "@/testing/service";
import { openEntry } from "./archive";
import { sift } from "./sift";

const file = (name: string, content: BlobPart) => new File([content], name);

async function zip(entries: Readonly<Record<string, string>>, password?: string): Promise<File> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, ...(password ? { password } : {}) });
  for (const [path, content] of Object.entries(entries)) await writer.add(path, new TextReader(content));
  return new File([await writer.close()], "album.zip");
}

const found = (...files: File[]) => files.map((one) => ({ path: one.name, file: one }));

test("sift_several_files_takes_songs_and_names_every_other_one", async () => {
  const sifted = await sift(
    [
      ...found(file("a.flac", "fLaC"), file("cover.jpg", "\xff\xd8\xff"), file("empty.wav", ""), file("notes.txt", "one")),
      { path: "album/.DS_Store", file: file(".DS_Store", "x") },
    ],
    LIMITS,
  );
  expect(sifted.songs.map(({ name }) => name)).toEqual(["a.flac"]);
  expect(sifted.leftOut.map(({ path }) => path)).toEqual(["cover.jpg", "empty.wav", "notes.txt"]);
  expect(sifted.leftOut[1]?.reason).toBe("The file is empty.");
  expect(sifted.litter).toBe(1);
});

test("sift_archive_takes_its_songs_and_names_the_rest", async () => {
  const archive = await zip({
    "Album/01.ogg": "OggS and so on",
    "Album/02.wav": "RIFF and so on",
    "Album/cover.png": "\x89PNG",
    "__MACOSX/Album/._01.ogg": "x",
  });
  const { songs, leftOut, litter } = await sift(found(archive), LIMITS);
  expect(songs.map(({ name, entry }) => [name, entry])).toEqual([
    ["01.ogg", "Album/01.ogg"],
    ["02.wav", "Album/02.wav"],
  ]);
  expect(leftOut.map(({ path }) => path)).toEqual(["album.zip/Album/cover.png"]);
  expect(litter).toBe(1);
  const opened = await openEntry(archive, "Album/02.wav", 1000);
  expect(opened.name).toBe("02.wav");
  expect(new TextDecoder().decode(await opened.arrayBuffer())).toBe("RIFF and so on");
});

test("sift_song_in_an_archive_larger_than_the_limit_is_left_out", async () => {
  const archive = await zip({ "long.wav": `RIFF${"0".repeat(200_000)}` });
  expect(archive.size).toBeLessThan(2000);
  const { songs, leftOut } = await sift(found(archive), { ...LIMITS, max_file_size_bytes: 100_000 });
  expect(songs).toEqual([]);
  expect(leftOut[0]?.reason).toContain("up to 100 kB are taken");
});

test("openEntry_that_unpacks_to_more_than_is_allowed_stops", async () => {
  const bomb = await zip({ "bomb.wav": `RIFF${"0".repeat(5_000_000)}` });
  await expect(openEntry(bomb, "bomb.wav", 100_000)).rejects.toThrow("larger than songs may be");
});

test("sift_locked_and_broken_archives_say_so", async () => {
  const locked = await zip({ "a.ogg": "OggS" }, "secret");
  expect((await sift(found(locked), LIMITS)).leftOut[0]?.reason).toContain("password");
  const broken = file("album.zip", "PK\x03\x04 and then nothing that makes sense");
  expect((await sift(found(broken), LIMITS)).leftOut[0]?.reason).toContain("damaged");
  const empty = await zip({});
  // An archive without files begins differently; it is no recording either way.
  expect((await sift(found(empty), LIMITS)).leftOut).toHaveLength(1);
});
