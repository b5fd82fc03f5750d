import { expect, test } from "vitest";
import type { Hit } from "@/api/client";
import { doubtfulIds, nextDoubtful, offerName, openGroups, roundly, type Reviewed } from "./review";

const hit = (id: number, time: number, confidence = 0.4): Hit => ({
  id, time, instrument: "ride", velocity: 0.8, confidence, articulation: null,
});
const HITS = [hit(0, 1), hit(1, 2), hit(2, 3, 1), hit(3, 4, 0.9)];
const OFFERS = [hit(10, 5, 0.3), hit(11, 6, 0.3)];
const REVIEWED: Reviewed = {
  review: [
    { kind: "doubtful", instrument: "ride", beat: 2, ids: [0, 1, 2, 7], chance: 0.4 },
    { kind: "offered", instrument: "ride", beat: null, ids: [10, 11], chance: 0.3 },
  ],
  candidates: OFFERS,
};
const NOTHING = new Set<string>();

test("what was put right or removed is not doubtful any more", () => {
  expect([...doubtfulIds(REVIEWED, HITS)]).toEqual([0, 1]);
  expect([...doubtfulIds(REVIEWED, HITS.slice(1))]).toEqual([1]);
});

test("groups have what is left to decide and go with the last of it", () => {
  const groups = openGroups(REVIEWED, HITS, NOTHING);
  expect(groups.map(({ strokes }) => strokes.map(({ id }) => id))).toEqual([[0, 1], [10, 11]]);
  const rest = openGroups(REVIEWED, HITS.slice(2), new Set([offerName(OFFERS[0]!)]));
  expect(rest.map(({ kind, strokes }) => [kind, strokes.length])).toEqual([["offered", 1]]);
});

test("an offer that has become a note is offered no more, whatever its id", () => {
  const groups = openGroups(REVIEWED, [...HITS, hit(99, 5.01, 1)], NOTHING);
  expect(groups.at(-1)?.strokes.map(({ id }) => id)).toEqual([11]);
});

test("doubtful notes come one after the other and begin again", () => {
  const ids = doubtfulIds(REVIEWED, HITS);
  expect(nextDoubtful(HITS, ids, 0)?.time).toBe(1);
  expect(nextDoubtful(HITS, ids, 1)?.time).toBe(2);
  expect(nextDoubtful(HITS, ids, 2)?.time).toBe(1);
  expect(nextDoubtful(HITS, ids, 2, -1)?.time).toBe(1);
  expect(nextDoubtful(HITS, new Set(), 0)).toBeNull();
});

test("many are said roundly, few exactly", () => {
  expect([3, 19, 21, 83].map(roundly)).toEqual([3, 19, 20, 85]);
});
