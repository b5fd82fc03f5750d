import { describe, expect, test } from "vitest";
import type { Hit } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { jobResult } from "@/testing/service";
import { openSession, sessionAfter, type OptionsChange, type Session, type SessionEvent } from "./session";

const hit = (time: number): Hit => ({
  id: Math.round(time * 10), time, instrument: "snare", velocity: 0.8, confidence: 0.9, articulation: null,
});
const RESULT = jobResult({ hits: [hit(1), hit(2)], version: 1 });
const opened = openSession({ ...RESULT, isHeardAnew: false }, null, null);

const wish = (change: OptionsChange): SessionEvent => ({ kind: "wish", change, now: RESULT.settings });
const undo: SessionEvent = { kind: "edit", action: { kind: "undo" } };
const redo: SessionEvent = { kind: "edit", action: { kind: "redo" } };
const loaded = (hits: Hit[]): SessionEvent => ({ kind: "loaded", hits, version: 2, keepsEdits: true });
const failed = (status: number): SessionEvent => ({
  kind: "failed", error: new ApiProblem({ code: "x", status, detail: "No." }),
});
const after = (...events: SessionEvent[]): Session => events.reduce(sessionAfter, opened);
const times = (session: Session) => session.edit.hits.map(({ time }) => time);

describe("tempo_metre_and_the_like_are_steps", () => {
  test("undo_asks_for_what_held_and_redo_for_the_change_and_no_stroke_is_saved_for_it", () => {
    const changed = after(wish({ bpm: 90, tempo_factor: null }), { kind: "asking" }, loaded(RESULT.hits));
    expect([changed.wish, changed.edit.past.length]).toEqual([null, 1]);
    const undone = sessionAfter(changed, undo);
    expect(undone.wish).toEqual({ bpm: null, tempo_factor: 1 });
    expect(undone.edit.hits).toBe(changed.edit.hits);
    expect(undone.edit.said).toBe("Undone: Tempo");
    expect(sessionAfter(undone, redo).wish).toEqual({ bpm: 90, tempo_factor: null });
  });

  test("change_on_top_of_one_that_was_not_asked_for_yet_goes_back_to_that", () => {
    const twice = after(wish({ time_signature: "3/4" }), { kind: "asking" }, wish({ time_signature: "6/8" }));
    const undone = sessionAfter(twice, undo);
    expect(undone.wish).toEqual({ time_signature: "3/4" });
    expect(sessionAfter(undone, undo).wish).toEqual({ time_signature: null });
  });

  test("another_sensitivity_and_its_notes_are_one_step", () => {
    const changed = after(wish({ sensitivity: 0.7 }), { kind: "asking" }, loaded([hit(1), hit(3)]));
    expect([times(changed), changed.edit.past.length]).toEqual([[1, 3], 1]);
    const undone = sessionAfter(changed, undo);
    expect([times(undone), undone.wish]).toEqual([[1, 2], { sensitivity: 0.5 }]);
    const redone = sessionAfter(undone, redo);
    expect([times(redone), redone.wish]).toEqual([[1, 3], { sensitivity: 0.7 }]);
  });

  test("notes_that_were_edited_while_another_sensitivity_was_asked_for_come_before_it", () => {
    const add: SessionEvent = {
      kind: "edit", action: { kind: "add", hit: { ...hit(5), confidence: 1 } },
    };
    const changed = after(wish({ sensitivity: 0.7 }), { kind: "asking" }, add, loaded([hit(1), hit(3)]));
    expect(times(changed)).toEqual([1, 3, 5]);
    const undone = sessionAfter(changed, undo);
    expect([times(undone), undone.wish]).toEqual([[1, 2, 5], { sensitivity: 0.5 }]);
    expect(sessionAfter(undone, undo).wish).toEqual({ sensitivity: 0.5 });
    expect(times(sessionAfter(undone, undo))).toEqual([1, 2]);
  });

  test("change_that_the_service_refuses_is_no_step_and_earlier_ones_stay", () => {
    const made = after(wish({ time_signature: "3/4" }), { kind: "asking" }, loaded(RESULT.hits));
    const events = [wish({ time_signature: "7/8" }), { kind: "asking" }, failed(422)] satisfies SessionEvent[];
    const refused = events.reduce(sessionAfter, made);
    expect(refused.edit.past).toEqual(made.edit.past);
    expect(refused.save.kind).toBe("refused");
  });

  test("change_that_the_service_never_heard_of_stays_a_step_and_is_asked_for_again", () => {
    const unheard = after(wish({ bpm: 90 }), { kind: "asking" }, failed(0));
    expect([unheard.wish, unheard.edit.past.length]).toEqual([{ bpm: 90 }, 1]);
  });

  test("page_that_was_changed_elsewhere_keeps_the_steps_of_notes_alone", () => {
    const remove: SessionEvent[] = [
      { kind: "edit", action: { kind: "select", keys: [10], mode: "only" } },
      { kind: "edit", action: { kind: "remove" } },
    ];
    const both = after(wish({ bpm: 90 }), { kind: "asking" }, loaded(RESULT.hits), ...remove);
    const conflict = sessionAfter(both, failed(412));
    expect(conflict.edit.past.map(({ removed }) => removed.length)).toEqual([1]);
    expect(times(sessionAfter(conflict, undo))).toEqual([1, 2]);
  });
});
