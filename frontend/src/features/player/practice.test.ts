import { describe, expect, it, test } from "vitest";
import { clicksOf, FIRST_PRACTICE, isDrumHeard, practiceFrom, trainedRate } from "./practice";

describe("trainedRate", () => {
  const trainer = { stepPercent: 5, everyLoops: 2, toPercent: 90 };

  it("waits for its rounds and stops at its goal", () => {
    expect(trainedRate(trainer, 0.8, 1)).toBe(0.8);
    expect(trainedRate(trainer, 0.8, 2)).toBeCloseTo(0.85);
    expect(trainedRate(trainer, 0.88, 2)).toBeCloseTo(0.9);
    expect(trainedRate(trainer, 0.9, 9)).toBe(0.9);
  });

  it("slows nobody down", () => {
    expect(trainedRate(trainer, 1.1, 5)).toBe(1.1);
  });
});

test("isDrumHeard_solo_silences_the_others_and_mute_only_itself", () => {
  const muted = { kick: { isMuted: true, isSolo: false } };
  expect([isDrumHeard(muted, "kick"), isDrumHeard(muted, "snare")]).toEqual([false, true]);
  const solo = { ...muted, ride: { isMuted: false, isSolo: true } };
  expect([isDrumHeard(solo, "ride"), isDrumHeard(solo, "snare")]).toEqual([true, false]);
});

test("clicksOf_divided_beats_sound_between_them_and_none_after_the_last", () => {
  const { times, accents } = clicksOf([1, 2, 4], [1, 2, 1], 2);
  expect(times).toEqual([1, 1.5, 2, 3, 4]);
  expect(accents).toEqual(["downbeat", "between", "beat", "between", "downbeat"]);
});

describe("practiceFrom", () => {
  it("gives back what was kept", () => {
    const practice = {
      ...FIRST_PRACTICE, rate: 0.6, loop: { startSeconds: 1, endSeconds: 3 }, countInBars: 2 as const,
    };
    const loops = [{ name: "Chorus", startSeconds: 4, endSeconds: 9 }];
    const kept = JSON.parse(JSON.stringify({ ...practice, loops })) as unknown;
    expect(practiceFrom(kept)).toEqual({ practice, loops });
  });

  it.each([null, "x", { rate: "fast", loop: { startSeconds: 3, endSeconds: 1 }, loops: [{ name: 1 }] }])(
    "begins anew from %j",
    (kept) => {
      expect(practiceFrom(kept)).toEqual({ practice: FIRST_PRACTICE, loops: [] });
    },
  );
});
