import { describe, expect, it } from "vitest";
import type { Hit } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { forgetDraft, keepDraft, readDraft } from "@/api/draft";
import { pressed, type KeyContext } from "./gridKeys";
import { lanesOf, plainLane } from "@/music/lanes";
import { plain, type Stroke } from "@/music/strokes";
import { begin, edited, type EditState } from "./edits";
import { isDirty, openSession, sessionAfter, type OptionsChange } from "./session";
import { jobResult } from "@/testing/service";

const stroke = (time: number): Stroke => ({
  time, instrument: "snare", velocity: 0.8, confidence: 0.9, articulation: null,
});
const hit = (time: number, over: Partial<Hit> = {}): Hit => ({
  id: Math.round(time * 1e6), ...stroke(time), ...over,
});
const add = { kind: "edit", action: { kind: "add", hit: hit(2) } } as const;
const there = (hits: Hit[], version: number) => ({ ...jobResult({ hits, version }), isHeardAnew: false });
const problem = (status: number) => new ApiProblem({ code: "x", status, detail: "No." });

describe("session", () => {
  const opened = openSession(there([hit(1)], 1), null, null);

  it("is clean until something is edited, and again once that is stored", () => {
    expect(isDirty(opened)).toBe(false);
    const changed = sessionAfter(opened, add);
    expect(isDirty(changed)).toBe(true);
    const stored = sessionAfter(changed, { kind: "stored", hits: changed.edit.hits, version: 2 });
    expect([isDirty(stored), stored.version]).toEqual([false, 2]);
  });

  it("what is edited while an answer is on its way stays to be stored", () => {
    const sent = sessionAfter(opened, add);
    const later = sessionAfter(sent, { kind: "edit", action: { kind: "add", hit: hit(3) } });
    const answered = sessionAfter(later, { kind: "stored", hits: sent.edit.hits, version: 2 });
    expect(isDirty(answered)).toBe(true);
    expect(plain(answered.edit.hits).map((one) => one.time)).toEqual([1, 2, 3]);
  });

  it.each([
    [412, "conflict"],
    [0, "offline"],
    [503, "offline"],
    [422, "refused"],
  ])("an answer of %i keeps the edits and says %s", (status, kind) => {
    const failed = sessionAfter(sessionAfter(opened, add), {
      kind: "failed",
      error: problem(status),
    });
    expect(failed.save.kind).toBe(kind);
    expect(isDirty(failed)).toBe(true);
  });

  it("a service that answers and has no room says so itself", () => {
    const fail = (error: ApiProblem) => sessionAfter(opened, { kind: "failed", error }).save;
    const full = new ApiProblem({ code: "storage_full", status: 507, detail: "The disk is full." });
    expect(fail(full)).toEqual({ kind: "offline", words: "The disk is full." });
    const gone = new ApiProblem({ code: "offline", status: 0, detail: "No answer." });
    expect(fail(gone)).toEqual({ kind: "offline", words: null });
  });

  const wish = (change: OptionsChange) => ({ kind: "wish", change }) as const;
  const loaded = (hits: Hit[], keepsEdits = true) =>
    ({ kind: "loaded", hits, version: 2, keepsEdits }) as const;

  it("gathers what is wished for until the service is asked", () => {
    const wished = [wish({ bpm: 90 }), wish({ time_signature: "3/4" }), wish({ bpm: 91 })].reduce(
      sessionAfter,
      opened,
    );
    expect(wished.wish).toEqual({ bpm: 91, time_signature: "3/4" });
    expect(sessionAfter(wished, { kind: "asking" })).toMatchObject({
      wish: null,
      asked: { bpm: 91, time_signature: "3/4" },
      save: { kind: "saving" },
    });
  });

  it("a wish that the service never heard of is kept, one that it refused is not", () => {
    const asking = sessionAfter(sessionAfter(opened, wish({ bpm: 90 })), { kind: "asking" });
    const fail = (status: number) =>
      sessionAfter(asking, { kind: "failed", error: problem(status) }).wish;
    expect(fail(0)).toEqual({ bpm: 90 });
    expect(fail(422)).toBeNull();
  });

  it("another metre leaves undo as it was, another sensitivity is one step more", () => {
    const changed = sessionAfter(opened, add);
    const metre = sessionAfter(changed, loaded(plain(changed.edit.hits)));
    expect([isDirty(metre), metre.version, metre.edit.past.length]).toEqual([false, 2, 1]);
    const picked = sessionAfter(metre, loaded([hit(5)]));
    expect([isDirty(picked), plain(picked.edit.hits), picked.edit.past.length]).toEqual([false, [hit(5)], 2]);
    const undone = sessionAfter(picked, { kind: "edit", action: { kind: "undo" } });
    expect([isDirty(undone), plain(undone.edit.hits)]).toEqual([true, plain(metre.edit.hits)]);
  });

  it("what is edited while the page is written anew is kept, unless all is taken back", () => {
    const later = sessionAfter(sessionAfter(opened, { kind: "asking" }), add);
    const kept = sessionAfter(later, loaded([hit(1)]));
    expect([isDirty(kept), kept.version, kept.edit.hits.length]).toEqual([true, 2, 2]);
    const reverted = sessionAfter(later, loaded([hit(1)], false));
    expect([isDirty(reverted), reverted.edit.hits.length]).toEqual([false, 1]);
  });

  it("a draft from before is not yet stored", () => {
    const session = openSession(there([hit(1)], 1), { version: 1, hits: [hit(1), hit(2)], base: [hit(1)] }, null);
    expect([isDirty(session), session.save.kind]).toEqual([true, "saved"]);
  });

  it("a draft of what the service has is none", () => {
    const session = openSession(there([hit(1), hit(2)], 2), { version: 1, hits: [hit(2), hit(1)], base: [hit(1)] }, null);
    expect([isDirty(session), session.version]).toEqual([false, 2]);
  });

  it("a draft from before somebody else's edit is kept, and asked about", () => {
    const session = openSession(there([hit(1)], 2), { version: 1, hits: [hit(1), hit(2)], base: [] }, null);
    expect(session.save.kind).toBe("conflict");
    expect(plain(session.edit.hits)).toEqual([hit(1), hit(2)]);
    // So that it is asked about again, should the page be closed before there is an answer.
    expect(session.version).toBe(1);
  });
});

describe("draft", () => {
  it("comes back with the version that it was made from, until it is forgotten", () => {
    keepDraft("job", { version: 3, hits: [hit(1)], base: [hit(2)] });
    expect(readDraft("job")).toEqual({ version: 3, hits: [hit(1)], base: [hit(2)] });
    forgetDraft("job");
    expect(readDraft("job")).toBeNull();
  });

  it("is nothing where the storage holds nonsense", () => {
    localStorage.setItem("drumscribe.draft.job", "{");
    expect(readDraft("job")).toBeNull();
  });
});

describe("pressed", () => {
  const grid = { beats: [0, 0.5, 1, 1.5, 2, 2.5], beatNumbers: [1, 2, 3, 4, 1, 2] };
  const on = (state: EditState, over: Partial<KeyContext> = {}): KeyContext => ({
    state, grid, lanes: lanesOf([], new Set()), division: 4, cursor: { beat: 1, lane: plainLane("snare") }, clipboard: [], offers: [],
    ...over,
  });
  const key = (name: string, over: KeyboardEventInit = {}) =>
    new KeyboardEvent("keydown", { key: name, ...over });

  it("arrows walk over the grid and stop at its edges", () => {
    expect(pressed(key("ArrowRight"), on(begin([])))?.cursor?.beat).toBe(1.25);
    const top = on(begin([]), { cursor: { beat: 0, lane: plainLane("crash") } });
    expect(pressed(key("ArrowUp"), top)?.cursor).toEqual({ beat: 0, lane: plainLane("crash") });
    expect(pressed(key("ArrowLeft"), top)?.cursor).toEqual({ beat: 0, lane: plainLane("crash") });
  });

  it("Enter adds where nothing is, then chooses, then takes away", () => {
    const state = begin([stroke(0.5)]);
    const chosen = edited(state, pressed(key("Enter"), on(state))!.action!);
    expect(chosen.selection.size).toBe(1);
    expect(edited(chosen, pressed(key("Enter"), on(chosen))!.action!).hits).toEqual([]);
    const free = on(state, { cursor: { beat: 2, lane: plainLane("kick") } });
    expect(edited(state, pressed(key("Enter"), free)!.action!).hits.at(-1)).toMatchObject({
      time: 1,
      instrument: "kick",
    });
  });

  it("a mark is taken off again by the same key", () => {
    const chosen = edited(begin([stroke(1)]), { kind: "select", keys: [0], mode: "only" });
    const ghost = edited(chosen, pressed(key("g"), on(chosen))!.action!);
    expect(ghost.hits[0]?.articulation).toBe("ghost");
    const plainAgain = edited(ghost, pressed(key("g"), on(ghost))!.action!);
    expect(plainAgain.hits[0]?.articulation).toBeNull();
  });

  it("a bar is copied and keeps how it was played", () => {
    const state = begin([stroke(0.02), stroke(0.74), stroke(2.2)]);
    const chosen = edited(state, pressed(key("a", { ctrlKey: true }), on(state))!.action!);
    expect([...chosen.selection]).toEqual([0, 1]);
    const { clipboard } = pressed(key("c", { ctrlKey: true }), on(chosen))!;
    const later = on(chosen, { clipboard: clipboard!, cursor: { beat: 4, lane: plainLane("crash") } });
    const pasted = edited(chosen, pressed(key("v", { ctrlKey: true }), later)!.action!);
    expect(plain(pasted.hits).map((one) => Number(one.time.toFixed(3)))).toEqual([
      0.02, 0.74, 2.02, 2.2, 2.74,
    ]);
  });

  it("other keys are left to the page", () => {
    expect(pressed(key("n"), on(begin([])))).toBeNull();
    expect(pressed(key("Tab"), on(begin([])))).toBeNull();
  });
});
