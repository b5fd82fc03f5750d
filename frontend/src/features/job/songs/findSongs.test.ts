import { expect, test } from "vitest";
import { jobStatus } from "@/testing/service";
import { EVERYTHING, findSongs, needsAll, readTags, tagsOf } from "./findSongs";

const SONGS = [
  jobStatus({ job_id: "1", title: "Ärger", tags: ["gig"], detected_bpm: 120, duration_seconds: 100, created_at: "2026-05-01T10:00:00Z" }),
  jobStatus({ job_id: "2", title: "Song 10", tags: ["gig", "easy"], detected_bpm: 80, duration_seconds: 300, created_at: "2026-05-03T10:00:00Z" }),
  jobStatus({ job_id: "3", title: "Song 9", artist: "Toto", original_filename: "africa.mp3", created_at: "2026-05-02T10:00:00Z" }),
];
const ids = (said: Partial<typeof EVERYTHING>) =>
  findSongs(SONGS, { ...EVERYTHING, ...said }).map(({ job_id }) => job_id).join("");

test.each([
  [{}, "231"],
  [{ order: "oldest" }, "132"],
  [{ order: "title" }, "132"],
  [{ order: "tempo" }, "213"],
  [{ order: "longest" }, "213"],
  [{ words: "arg" }, "1"],
  [{ words: "song 9" }, "3"],
  [{ words: "AFRICA" }, "3"],
  [{ words: "toto" }, "3"],
  [{ words: "gig easy" }, "2"],
  [{ tag: "gig" }, "21"],
  [{ words: "nothing of the kind" }, ""],
] as const)("findSongs_%j_gives_%s", (wanted, expected) => {
  expect(ids(wanted)).toBe(expected);
});

test("needsAll_newest_without_words_is_answered_by_the_first_page", () => {
  expect(needsAll(EVERYTHING)).toBe(false);
  expect(needsAll({ ...EVERYTHING, words: " " })).toBe(false);
  expect(needsAll({ ...EVERYTHING, tag: "gig" })).toBe(true);
  expect(needsAll({ ...EVERYTHING, order: "title" })).toBe(true);
});

test("tagsOf_and_readTags_know_each_tag_once", () => {
  expect(tagsOf(SONGS)).toEqual(["easy", "gig"]);
  expect(readTags(" gig , easy,, two words ")).toEqual(["gig", "easy", "two words"]);
});
