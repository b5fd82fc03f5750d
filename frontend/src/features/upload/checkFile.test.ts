import { expect, test } from "vitest";
import { LIMITS } from "@/testing/service";
import { isTooLong, refusalOf } from "./checkFile";

const file = (name: string, content: BlobPart, type = "") => new File([content], name, { type });

test.each([
  ["song.mp3", "ID3\x04 frames"],
  ["song.flac", "fLaC frames"],
  ["no-ending", "OggS pages"],
  ["phone.m4a", "\0\0\0\x20ftypM4A "],
])("refusalOf_%s_is_taken", async (name, content) => {
  expect(await refusalOf(file(name, content), undefined)).toBeNull();
});

test("refusalOf_mp3_frame_without_tag_is_taken", async () => {
  expect(await refusalOf(file("x", new Uint8Array([0xff, 0xfb, 0x90, 0])), undefined)).toBeNull();
});

test.each([
  ["score.pdf", "%PDF-1.7", "This is a PDF"],
  // What a file is called does not count against what it is.
  ["cover.mp3", "GIF89a", "This is a picture"],
  ["groove.mid", "MThd\0\0", "This is a MIDI file"],
  ["notes.txt", "kick snare", "does not look like a recording"],
  ["empty.wav", "", "The file is empty"],
])("refusalOf_%s_says_what_it_is", async (name, content, words) => {
  expect(await refusalOf(file(name, content), LIMITS)).toContain(words);
});

test("refusalOf_too_large_says_both_sizes", async () => {
  const small = { ...LIMITS, max_file_size_bytes: 1000 };
  const refusal = await refusalOf(file("song.wav", `RIFF${"x".repeat(1996)}`), small);
  expect(refusal).toContain("2 kB");
  expect(refusal).toContain("up to 1 kB are taken");
});

test("refusalOf_keeps_to_the_shortest_and_lets_unknown_pass", async () => {
  const song = file("song.flac", "fLaC frames");
  expect(await refusalOf(song, LIMITS, null)).toBeNull();
  expect(await refusalOf(song, LIMITS, 200)).toBeNull();
  expect(await refusalOf(song, LIMITS, 2)).toContain("too short");
});

test.each([
  [null, false],
  [900, false],
  [1000, true],
])("isTooLong_%s_seconds_is_%s", (seconds, expected) => {
  expect(isTooLong(seconds, LIMITS)).toBe(expected);
});
