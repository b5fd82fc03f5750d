import { describe, expect, test } from "vitest";
import type { Hit } from "@/api/client";
import { alternating, handOf, toggledHand, type Sticking } from "./sticking";

const hit = (id: number, time: number, over: Partial<Hit> = {}): Hit => ({
  id, time, instrument: "snare", velocity: 0.8, confidence: 1, articulation: null, ...over,
});

const letters = (hits: readonly Hit[], hands: ReadonlyMap<number, Sticking>): string =>
  hits.map(({ id }) => ({ right: "R", left: "L", both: "B", none: "-" })[hands.get(id) ?? "none"]).join("");

const stuck = (hits: readonly Hit[]): Hit[] => {
  const hands = alternating(hits);
  return hits.map((one) => ({ ...one, sticking: hands.get(one.id) ?? handOf(one) }));
};

describe("right_and_left_in_turn", () => {
  test("strokes_alternate_by_time_and_left_leads_when_asked_again", () => {
    const hits = [hit(0, 1.3), hit(1, 1), hit(2, 1.1), hit(3, 1.2, { instrument: "tom_low" })];
    expect(letters(hits, alternating(hits))).toBe("LRLR");
    const once = stuck(hits);
    expect(letters(once, alternating(once))).toBe("RLRL");
    expect(letters(hits, alternating(stuck(once)))).toBe("LRLR");
  });

  test("hands_that_strike_together_are_one_turn_and_the_highest_drum_leads_it", () => {
    const hits = [
      hit(0, 1, { instrument: "hihat_closed" }), hit(1, 1.25, { instrument: "hihat_closed" }),
      hit(2, 1.5, { instrument: "hihat_closed" }), hit(3, 1.51), hit(4, 1.75, { instrument: "hihat_closed" }),
    ];
    expect(letters(hits, alternating(hits))).toBe("RLRLL");
  });

  test("small_note_of_a_flam_has_the_other_hand_and_fast_strokes_have_turns_of_their_own", () => {
    const flams = [hit(0, 0.97, { velocity: 0.3 }), hit(1, 1), hit(2, 1.47, { velocity: 0.3 }), hit(3, 1.5)];
    expect(letters(flams, alternating(flams))).toBe("LRRL");
    const roll = [hit(0, 1), hit(1, 1.04), hit(2, 1.08), hit(3, 1.12)];
    expect(letters(roll, alternating(roll))).toBe("RLRL");
  });

  test("feet_are_left_out_unless_only_feet_play", () => {
    const kick = { instrument: "kick" } as const;
    const groove = [hit(0, 1, kick), hit(1, 1), hit(2, 1.25), hit(3, 1.5, { instrument: "hihat_closed", articulation: "pedal" })];
    expect(letters(groove, alternating(groove))).toBe("-RL-");
    const double = [hit(0, 1, kick), hit(1, 1.1, kick), hit(2, 1.2, kick)];
    expect(letters(double, alternating(double))).toBe("RLR");
  });
});

test("hand_that_all_have_already_is_taken_away", () => {
  const hits = [hit(0, 1, { sticking: "right" }), hit(1, 2)];
  expect(toggledHand(hits, "right")).toBe("right");
  expect(toggledHand(hits.map((one) => ({ ...one, sticking: "right" as const })), "right")).toBeNull();
});
