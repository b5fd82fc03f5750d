import { expect, test } from "vitest";
import { firstZoom, LEAST_ZOOM, MOST_ZOOM, paperOf } from "./standSize";

test.each([390, 844, 1180, 1440])("paperOf_no_zoom_lets_music_run_out_of_a_screen_of_%s", (width) => {
  let before = 0;
  for (let zoom = LEAST_ZOOM; zoom <= MOST_ZOOM; zoom += 10) {
    const paper = paperOf(zoom, width);
    const music = paper.isNarrow ? paper.width : (paper.width * 1800) / 2100;
    expect(music).toBeLessThanOrEqual(width + 1);
    // Notes grow with every step, whichever drawing they stand in.
    const size = paper.width / (paper.isNarrow ? 900 : 2100);
    expect(size).toBeGreaterThan(before);
    before = size;
  }
});

test("firstZoom_of_a_phone_held_upright_is_two_bars_a_line", () => {
  expect(paperOf(firstZoom(390), 390).isNarrow).toBe(true);
  expect(paperOf(firstZoom(844), 844)).toEqual({ isNarrow: false, width: 844 });
});
