import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beatAt, secondsAt } from "@/music/beatGrid";
import { occurrences, positionAt, roundsAt, type Anchor } from "./transport";

const anchor = (over: Partial<Anchor> = {}): Anchor => ({
  contextSeconds: 10,
  positionSeconds: 2,
  rate: 1,
  loop: null,
  ...over,
});

describe("positionAt", () => {
  it("stands still until playing begins", () => {
    expect(positionAt(anchor(), 9)).toBe(2);
  });
  it("runs at the rate", () => {
    expect(positionAt(anchor({ rate: 0.5 }), 14)).toBe(4);
  });
  it("goes round in the loop", () => {
    const looped = anchor({ loop: { startSeconds: 3, endSeconds: 5 } });
    expect(positionAt(looped, 12.5)).toBeCloseTo(4.5);
    expect(positionAt(looped, 13)).toBeCloseTo(3);
    expect(positionAt(looped, 16.25)).toBeCloseTo(4.25);
  });
  it("passes by a loop that lies behind", () => {
    const passed = anchor({ positionSeconds: 6, loop: { startSeconds: 3, endSeconds: 5 } });
    expect(positionAt(passed, 13)).toBe(9);
  });
});

describe("occurrences", () => {
  const times = [0, 2, 2.5, 3, 4.9, 5, 7];

  it("says when each stroke sounds", () => {
    expect(occurrences(anchor({ rate: 2 }), times, 10, 11)).toEqual([
      { index: 1, contextSeconds: 10 },
      { index: 2, contextSeconds: 10.25 },
      { index: 3, contextSeconds: 10.5 },
    ]);
  });

  it("agrees with positionAt in any loop at any rate", () => {
    const seconds = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(seconds, { maxLength: 30 }),
        fc.double({ min: 0.25, max: 1.5, noNaN: true }),
        seconds,
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        seconds,
        seconds,
        (unsorted, rate, loopStart, loopLength, start, from) => {
          const sorted = [...unsorted].sort((a, b) => a - b);
          const loop = { startSeconds: loopStart, endSeconds: loopStart + loopLength };
          const playing = anchor({ positionSeconds: start, rate, loop });
          for (const found of occurrences(playing, sorted, 10 + from, 12 + from)) {
            const expected = sorted[found.index] as number;
            const there = positionAt(playing, found.contextSeconds + 1e-9);
            expect(Math.abs(there - expected)).toBeLessThan(1e-6);
            expect(found.contextSeconds).toBeGreaterThanOrEqual(10 + from);
            expect(found.contextSeconds).toBeLessThan(12 + from);
          }
        },
      ),
    );
  });

  it("brings a stroke of the loop back every round, and none twice over consecutive windows", () => {
    const looped = anchor({ loop: { startSeconds: 2, endSeconds: 3 } });
    const all = [10, 10.3, 11.1, 12.4, 13].flatMap((from, i, windows) =>
      occurrences(looped, times, from, windows[i + 1] ?? from),
    );
    expect(all.map((one) => one.contextSeconds)).toEqual([10, 10.5, 11, 11.5, 12, 12.5]);
  });
});

describe("beat grid", () => {
  it("seconds and beats are inverse, inside and outside", () => {
    const grid = { beats: [0.5, 1, 1.6, 2.1], beatNumbers: [1, 2, 3, 4] };
    for (const seconds of [-1, 0.5, 0.7, 1.3, 1.6, 2.0, 5]) {
      expect(secondsAt(grid, beatAt(grid, seconds))).toBeCloseTo(seconds, 9);
    }
    expect(beatAt(grid, 1.3)).toBeCloseTo(1.5);
  });
});

it("roundsAt counts each return to the start of the loop", () => {
  const anchor: Anchor = {
    contextSeconds: 10, positionSeconds: 3, rate: 0.5, loop: { startSeconds: 2, endSeconds: 4 },
  };
  expect([10, 11.9, 12, 15.9, 16].map((now) => roundsAt(anchor, now))).toEqual([0, 0, 1, 1, 2]);
  expect(roundsAt({ ...anchor, loop: null }, 99)).toBe(0);
});
