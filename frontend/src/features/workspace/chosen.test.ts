import { expect, test } from "vitest";
import type { Hit } from "@/api/client";
import { placeOnPage, strokeOfPage } from "./chosen";

const hit = (time: number, instrument: Hit["instrument"] = "snare"): Hit => ({
  time, instrument, velocity: 0.8, confidence: 1, articulation: null,
});
const DRAWN = [hit(1), hit(1, "kick"), hit(2)];
const EDITED = DRAWN.map((one, key) => ({ ...one, key }));

test("strokeOfPage_clicked_note_is_the_stroke_of_the_same_drum", () => {
  expect(strokeOfPage(DRAWN[1], EDITED)?.key).toBe(1);
});

test("strokeOfPage_stroke_removed_since_is_null", () => {
  expect(strokeOfPage(DRAWN[2], EDITED.slice(0, 2))).toBeNull();
  expect(strokeOfPage(undefined, EDITED)).toBeNull();
});

test("placeOnPage_stroke_that_moved_since_has_no_place", () => {
  expect(placeOnPage(hit(2 + 1e-9), DRAWN)).toBe(2);
  expect(placeOnPage(hit(2.1), DRAWN)).toBeNull();
  expect(placeOnPage(null, DRAWN)).toBeNull();
  expect(placeOnPage(hit(1), undefined)).toBeNull();
});
