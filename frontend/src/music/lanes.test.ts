import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "@/api/client";
import { inLane, laneIndex, laneKey, lanesOf, lower, OWN_ROWS, plainLane, type OwnRow } from "./lanes";
import { INSTRUMENTS } from "./staffOrder";
import { articulationsOf } from "./strokes";

const none: ReadonlySet<OwnRow> = new Set();
const anyStroke: fc.Arbitrary<Hit> = fc
  .constantFrom(...INSTRUMENTS)
  .chain((instrument) => fc.constantFrom(...articulationsOf(instrument)).map((articulation) => ({
    id: 0, time: 1, instrument, velocity: 0.8, confidence: 1, articulation,
  })));
const anyRows = fc.subarray([...OWN_ROWS]).map((rows) => new Set(rows));

describe("lanes", () => {
  it("are the drums of the staff, and what is played or asked for besides", () => {
    expect(lanesOf([], none).map(laneKey)).toEqual(INSTRUMENTS);
    const rows = lanesOf([{ articulation: "pedal" }], new Set<OwnRow>(["china", "ride-bell", "crash-2"])).map(laneKey);
    expect(rows).toEqual([
      "crash", "crash-2", "china", "ride", "ride-bell", "hihat_open", "hihat_closed", "tom_high", "tom_mid", "snare", "tom_low", "kick",
      "pedal",
    ]);
  });

  it("hold every stroke, and leave it as it is in its own", () => {
    fc.assert(
      fc.property(anyStroke, anyRows, (stroke, rows) => {
        const lanes = lanesOf([stroke], rows);
        const lane = lanes[laneIndex(lanes, stroke)];
        expect(lane).toBeDefined();
        expect(inLane(stroke, lane!)).toEqual(stroke);
        expect(lower(lanes, stroke, 0)).toEqual(stroke);
      }),
    );
  });

  it("make a stroke what their drum can do, wherever it is moved", () => {
    fc.assert(
      fc.property(anyStroke, anyRows, fc.integer({ min: -15, max: 15 }), (stroke, rows, by) => {
        const lanes = lanesOf([stroke], rows);
        const moved = lower(lanes, stroke, by);
        const to = Math.min(lanes.length - 1, Math.max(0, laneIndex(lanes, stroke) + by));
        expect(laneIndex(lanes, moved)).toBe(to);
        expect(articulationsOf(moved.instrument)).toContain(moved.articulation);
      }),
    );
  });

  it("a bell that leaves its row is a plain ride", () => {
    const bell: Hit = { id: 1, time: 1, instrument: "ride", velocity: 0.8, confidence: 1, articulation: "ride-bell" };
    expect(inLane(bell, plainLane("ride")).articulation).toBeNull();
    expect(inLane({ ...bell, articulation: "accent" }, plainLane("crash")).articulation).toBe("accent");
  });
});
