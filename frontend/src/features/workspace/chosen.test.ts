import { expect, test } from "vitest";
import type { Hit } from "@/api/client";
import { idOnPage, strokeOfPage } from "./chosen";

const hit = (id: number, time: number, instrument: Hit["instrument"] = "snare"): Hit => ({
  id, time, instrument, velocity: 0.8, confidence: 1, articulation: null,
});
const DRAWN = [hit(7, 1), hit(0, 1, "kick"), hit(3, 2)];

test("strokeOfPage_clicked_note_is_the_stroke_of_that_id_wherever_it_was_moved", () => {
  const moved = [hit(7, 1), hit(0, 1.5, "tom_low")];
  expect(strokeOfPage(0, moved)).toBe(moved[1]);
});

test("strokeOfPage_stroke_removed_since_is_null", () => {
  expect(strokeOfPage(3, DRAWN.slice(0, 2))).toBeNull();
  expect(strokeOfPage(null, DRAWN)).toBeNull();
});

test("idOnPage_stroke_that_the_page_does_not_have_is_null", () => {
  expect(idOnPage(hit(3, 2.1), DRAWN)).toBe(3);
  expect(idOnPage(hit(0, 1), DRAWN)).toBe(0);
  expect(idOnPage(hit(8, 1), DRAWN)).toBeNull();
  expect(idOnPage(null, DRAWN)).toBeNull();
  expect(idOnPage(hit(7, 1), undefined)).toBeNull();
});
