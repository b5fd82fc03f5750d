import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Hit } from "@/api/client";
import { lanesOf, lower } from "@/music/lanes";
import { INSTRUMENTS } from "@/music/staffOrder";
import { articulationsOf, plain, type Stroke } from "@/music/strokes";
import { begin, edited, selected, type EditAction } from "./edits";
import { barAround, shifted, snapped, snappedSeconds } from "@/music/snap";

const LANES = lanesOf([], new Set());
const hit = (time: number, over: Partial<Stroke> = {}): Stroke => ({
  time, instrument: "snare", velocity: 0.8, confidence: 0.9, articulation: null, ...over,
});

const anyHit: fc.Arbitrary<Stroke> = fc.record({
  time: fc.double({ min: 0, max: 10, noNaN: true }),
  instrument: fc.constantFrom(...INSTRUMENTS),
  velocity: fc.double({ min: 0, max: 1, noNaN: true }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  articulation: fc.constant(null),
});
const anyAction: fc.Arbitrary<EditAction> = fc.oneof(
  fc.record({
    kind: fc.constant("select" as const),
    keys: fc.array(fc.nat(12), { maxLength: 5 }),
    mode: fc.constantFrom("only" as const, "add" as const, "toggle" as const),
  }),
  fc.record({ kind: fc.constant("add" as const), hit: anyHit }),
  fc.constant({ kind: "remove" as const }),
  fc
    .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -3, max: 3 }))
    .map(([by, lanes]) => ({ kind: "move" as const, seconds: (t: number) => t + by, onto: (hit: Hit) => lower(LANES, hit, lanes) })),
  fc.constantFrom("ghost" as const, "accent" as const, null).map((articulation) => ({
    kind: "set" as const,
    change: { articulation },
  })),
  fc.constantFrom("right" as const, null).map((hand) => ({ kind: "stick" as const, hand: () => hand })),
  fc
    .array(anyHit, { maxLength: 4 })
    .map((hits) => ({ kind: "paste" as const, hits, words: "Pasted" })),
  fc.constantFrom({ kind: "undo" as const }, { kind: "redo" as const }),
);

describe("edited", () => {
  it("says what was done, and what was undone or done again", () => {
    let state = edited(begin([hit(1)]), { kind: "add", hit: hit(2) });
    state = edited(edited(state, { kind: "select", keys: [0, 1], mode: "only" }), { kind: "remove" });
    expect(state.said).toBe("Removed 2 notes");
    state = edited(state, { kind: "undo" });
    expect(state.said).toBe("Undone: Removed 2 notes");
    expect(edited(state, { kind: "redo" }).said).toBe("Redone: Removed 2 notes");
    expect(edited(state, { kind: "undo" }).said).toBe("Undone: Added 1 note");
  });

  it("undo takes back every action, redo brings it again", () => {
    fc.assert(
      fc.property(fc.array(anyHit, { maxLength: 10 }), fc.array(anyAction, { maxLength: 20 }), (hits, actions) => {
        const start = begin(hits);
        let state = start;
        for (const action of actions) state = edited(state, action);
        const end = state.hits;
        const steps = state.past.length;
        while (state.past.length > 0) state = edited(state, { kind: "undo" });
        expect(state.hits).toEqual(start.hits);
        for (let i = 0; i < steps; i += 1) state = edited(state, { kind: "redo" });
        expect(state.hits).toEqual(end);
      }),
    );
  });

  it("keeps strokes sorted, inside the song and playable on their drum", () => {
    fc.assert(
      fc.property(fc.array(anyHit, { maxLength: 10 }), fc.array(anyAction, { maxLength: 20 }), (hits, actions) => {
        const state = actions.reduce(edited, begin(hits));
        state.hits.forEach((one, i) => {
          expect(one.time).toBeGreaterThanOrEqual(Math.max(0, state.hits[i - 1]?.time ?? 0));
          expect(articulationsOf(one.instrument)).toContain(one.articulation);
        });
        expect(new Set(state.hits.map((one) => one.id)).size).toBe(state.hits.length);
      }),
    );
  });

  it("changes nothing but what was asked", () => {
    const hits = [hit(1), hit(2), hit(3, { instrument: "kick" })];
    const chosen = edited(begin(hits), { kind: "select", keys: [1], mode: "only" });
    const ghosted = edited(chosen, { kind: "set", change: { articulation: "ghost" } });
    expect(plain(ghosted.hits)).toEqual([
      { ...hits[0], id: 0 },
      { ...hits[1], id: 1, articulation: "ghost", confidence: 1 },
      { ...hits[2], id: 2 },
    ]);
    expect(selected(ghosted).map((one) => one.time)).toEqual([2]);
  });

  it("a stroke put onto a stroke of the same drum takes its place", () => {
    const state = edited(begin([hit(1)]), { kind: "add", hit: hit(1.005, { velocity: 0.3 }) });
    expect(state.hits).toEqual([{ ...hit(1.005, { velocity: 0.3 }), id: 1 }]);
  });

  it("cymbals that are struck together stay together, and one of them twice does not", () => {
    const crash = (articulation: Hit["articulation"]) => hit(1, { instrument: "crash", articulation });
    const both = edited(begin([crash(null)]), { kind: "add", hit: crash("crash-2") });
    expect(both.hits.map(({ articulation }) => articulation)).toEqual([null, "crash-2"]);
    expect(edited(both, { kind: "add", hit: crash("crash-2") }).hits).toHaveLength(2);
    expect(edited(both, { kind: "add", hit: crash("accent") }).hits.map(({ articulation }) => articulation)).toEqual([
      "crash-2", "accent",
    ]);
  });

  it("loses an articulation that the other drum cannot play", () => {
    const chosen = edited(begin([hit(1, { articulation: "cross-stick" })]), {
      kind: "select", keys: [0], mode: "only",
    });
    const moved = edited(chosen, { kind: "set", change: { instrument: "kick" } });
    expect(moved.hits[0]?.articulation).toBeNull();
  });
});

describe("snap", () => {
  const grid = { beats: [1, 1.5, 2, 2.6, 3.2], beatNumbers: [1, 2, 1, 2, 1] };

  it("goes to the nearest part of the beat, triplets too", () => {
    expect(snapped(1.3, 3)).toBeCloseTo(4 / 3);
    expect(snapped(1.3, 0)).toBe(1.3);
    expect(snappedSeconds(grid, 2.28, 2)).toBeCloseTo(2.3);
  });

  it("moves by beats through a change of tempo", () => {
    expect(shifted(grid, 1.25, 2)).toBeCloseTo(2.3);
  });

  it("finds the bar", () => {
    expect(barAround(grid, 1.9)).toEqual([0, 2]);
    expect(barAround(grid, 3.99)).toEqual([2, 4]);
  });
});

it("offers become notes with their ids, or new ones where these are taken", () => {
  const state = begin([hit(1), hit(2)]);
  const [first] = state.hits;
  const offered = { ...hit(3), confidence: 0.3 };
  const after = edited(state, { kind: "take", hits: [{ ...offered, id: first!.id }, { ...offered, time: 4, id: 40 }] });
  const ids = after.hits.map(({ id }) => id);
  expect(new Set(ids).size).toBe(4);
  expect(ids).toContain(40);
  expect(after.hits.filter(({ time }) => time >= 3).every(({ confidence }) => confidence === 1)).toBe(true);
  expect(edited(after, { kind: "undo" }).hits).toEqual(state.hits);
  expect(edited(after, { kind: "add", hit: hit(5) }).hits.map(({ id }) => id)).toHaveLength(5);
});

it("an open hat that was offered takes the place of the closed one", () => {
  const state = begin([{ ...hit(1), instrument: "hihat_closed" }, { ...hit(1), instrument: "kick" }]);
  const offer = { ...hit(1.01), instrument: "hihat_open" as const, id: 9 };
  const after = edited(state, { kind: "take", hits: [offer] });
  expect(after.hits.map(({ instrument }) => instrument).sort()).toEqual(["hihat_open", "kick"]);
});

it("confirmed notes are sure, and all else of them stays", () => {
  const state = begin([{ ...hit(1), confidence: 0.4 }]);
  const chosen = edited(state, { kind: "select", keys: [state.hits[0]!.id], mode: "only" });
  expect(edited(chosen, { kind: "confirm" }).hits).toEqual([{ ...state.hits[0], confidence: 1 }]);
});
