import { describe, expect, test } from "vitest";
import type { Hit, Instrument } from "@/api/client";
import { begin, edited, type EditState } from "./edits";
import { onTopOf, touchesSame } from "./heardAnew";
import { openSession, sessionAfter, isDirty } from "./session";
import { jobResult } from "@/testing/service";

const hit = (id: number, time: number, instrument: Instrument = "snare", velocity = 0.8): Hit => ({
  id, time, instrument, velocity, confidence: 0.9, articulation: null,
});

const BASE = [hit(0, 1), hit(1, 2), hit(2, 3, "kick"), hit(3, 4)];
// 0 is heard a little later, 3 no more, 4 and 8 for the first time.
const THEIRS = [hit(0, 1.01), hit(1, 2), hit(2, 3, "kick"), hit(4, 5), hit(8, 6, "crash")];

const there = (hits: Hit[], version: number, isHeardAnew = false) => ({ ...jobResult({ hits, version }), isHeardAnew });
const opened = (hits: Hit[], version: number) => openSession(there(hits, version), null, null);
const select = (state: EditState, id: number) => edited(state, { kind: "select", keys: [id], mode: "only" });

describe("edits_on_top_of_what_was_heard_anew", () => {
  test("without_edits_the_page_is_what_was_heard_and_one_undo_takes_it_back", () => {
    const state = onTopOf(begin(BASE), BASE, THEIRS, "heard");
    expect(state.hits).toEqual(THEIRS);
    expect(edited(state, { kind: "undo" }).hits).toEqual(BASE);
  });

  test("strokes_put_in_changed_and_taken_away_stay_so_and_earlier_steps_can_be_undone", () => {
    let state = edited(begin(BASE), { kind: "add", hit: { time: 9, instrument: "ride", velocity: 0.8, confidence: 1, articulation: null } });
    const added = state.hits.at(-1)!;
    expect(added.id).toBe(8);
    state = edited(select(state, 1), { kind: "set", change: { velocity: 0.2 } });
    state = edited(select(state, 2), { kind: "remove" });
    const after = onTopOf(state, BASE, THEIRS, "heard");
    // The number of the new stroke was given to another one there.
    expect(after.hits.find(({ instrument }) => instrument === "ride")).toEqual({ ...added, id: 9 });
    expect(after.hits.find(({ id }) => id === 1)).toMatchObject({ velocity: 0.2, confidence: 1 });
    expect(after.hits.some(({ id }) => id === 2)).toBe(false);
    expect(after.hits.map(({ id }) => id)).toEqual([0, 1, 4, 8, 9]);
    expect(after.nextId).toBe(10);
    const before = edited(after, { kind: "undo" });
    expect(before.hits).toEqual(state.hits);
    expect(edited(before, { kind: "undo" }).hits.some(({ id }) => id === 2)).toBe(true);
  });

  test("stroke_that_both_have_put_in_stands_once", () => {
    const state = edited(begin(BASE), { kind: "add", hit: { time: 5.005, instrument: "snare", velocity: 0.5, confidence: 1, articulation: null } });
    const after = onTopOf(state, BASE, THEIRS, "heard");
    expect(after.hits.filter(({ time }) => Math.abs(time - 5) < 0.1)).toEqual([expect.objectContaining({ time: 5.005 })]);
  });

  test("hand_that_was_said_goes_with_its_stroke_and_keeps_none_that_is_heard_no_more", () => {
    let state = edited(begin(BASE), { kind: "select", keys: [0, 3], mode: "only" });
    state = edited(state, { kind: "stick", hand: () => "left" });
    expect(touchesSame(BASE, state.hits, THEIRS)).toBe(false);
    const after = onTopOf(state, BASE, THEIRS, "heard");
    expect(after.hits).toEqual(THEIRS.map((one) => (one.id === 0 ? { ...one, sticking: "left" } : one)));
    expect(edited(after, { kind: "undo" }).hits).toEqual(state.hits);
  });

  test("session_without_edits_has_nothing_to_save_and_one_with_edits_saves_them_anew", () => {
    const clean = sessionAfter(opened(BASE, 3), { kind: "heard_anew", hits: THEIRS, version: 4 });
    expect(isDirty(clean)).toBe(false);
    expect(clean.version).toBe(4);
    let session = opened(BASE, 3);
    session = sessionAfter(session, { kind: "edit", action: { kind: "select", keys: [1], mode: "only" } });
    session = sessionAfter(session, { kind: "edit", action: { kind: "remove" } });
    session = sessionAfter(session, { kind: "heard_anew", hits: THEIRS, version: 4 });
    expect(isDirty(session)).toBe(true);
    expect(session.save).toEqual({ kind: "saved" });
    expect(session.edit.hits.some(({ id }) => id === 1)).toBe(false);
  });

  test("draft_of_a_closed_page_is_put_into_what_was_heard_meanwhile_where_they_touch_different_strokes", () => {
    const mine = [...BASE, hit(4, 2.5, "ride")];
    const draft = { version: 3, hits: mine, base: BASE };
    const session = openSession(there(THEIRS, 4, true), draft, null);
    expect([session.save.kind, session.version, isDirty(session)]).toEqual(["saved", 4, true]);
    expect(session.edit.hits.map(({ time, instrument }) => `${time} ${instrument}`)).toEqual([
      "1.01 snare", "2 snare", "2.5 ride", "3 kick", "5 snare", "6 crash",
    ]);
    expect(edited(session.edit, { kind: "undo" }).hits).toEqual(begin(mine).hits);
  });

  test.each([
    ["the_same_stroke", [hit(0, 1.2), ...BASE.slice(1)], true],
    ["the_same_place", [...BASE, hit(4, 5.02)], true],
    ["nothing_of_theirs_but_somebody_else_edited_it", [...BASE, hit(4, 2.5, "ride")], false],
  ] as const)("draft_that_touches_%s_is_asked_about", (_, mine, isHeardAnew) => {
    const session = openSession(there(THEIRS, 4, isHeardAnew), { version: 3, hits: [...mine], base: BASE }, null);
    expect([session.save.kind, session.version]).toEqual(["conflict", 3]);
    expect(session.edit.hits).toEqual(begin([...mine]).hits);
  });

  test("draft_of_a_version_before_the_last_but_one_is_asked_about", () => {
    const draft = { version: 2, hits: [...BASE, hit(4, 2.5, "ride")], base: BASE };
    expect(openSession(there(THEIRS, 4, true), draft, null).save.kind).toBe("conflict");
  });
});
