import { beforeEach, expect, test } from "vitest";
import type { Hit, JobResult } from "@/api/client";
import { jobResult } from "@/testing/service";
import { edited } from "./edits";
import { keepHistory, readHistory } from "./keptHistory";
import { openSession, sessionAfter, type OptionsChange, type Session, type SessionEvent } from "./session";

const hit = (time: number): Hit => ({
  id: Math.round(time * 10), time, instrument: "snare", velocity: 0.8, confidence: 0.9, articulation: null,
});
const RESULT = jobResult({ hits: [hit(1), hit(2)], version: 1 });
const EVENTS: SessionEvent[] = [
  { kind: "edit", action: { kind: "add", hit: hit(3) } },
  { kind: "wish", change: { bpm: 90 }, now: RESULT.settings },
];
const edit = EVENTS.reduce(sessionAfter, openSession({ ...RESULT, isHeardAnew: false }, null, null)).edit;
const SAVED = jobResult({ hits: [...edit.hits], version: 3, settings: { ...RESULT.settings, bpm: 90 } });

const keepAt = (service: JobResult, wish: OptionsChange) =>
  keepHistory("job", edit, { version: service.version, settings: service.settings, wish });
const openAgain = (service: JobResult, isHeardAnew = false): Session =>
  openSession({ ...service, isHeardAnew }, null, readHistory("job"));
const undone = (session: Session) => sessionAfter(session, { kind: "edit", action: { kind: "undo" } });

beforeEach(() => sessionStorage.clear());

test("song_that_is_opened_again_can_be_undone_step_by_step", () => {
  keepAt(SAVED, {});
  const session = openAgain(SAVED);
  expect(session.isHistoryLost).toBe(false);
  const tempoBack = undone(session);
  expect([tempoBack.wish, tempoBack.edit.hits.length]).toEqual([{ bpm: null }, 3]);
  const all = undone(tempoBack);
  expect(all.edit.hits).toEqual(RESULT.hits);
  // A new stroke does not get the number of one that can come back.
  const added = edited(all.edit, { kind: "add", hit: hit(4) }).hits.at(-1);
  expect(edit.hits.map(({ id }) => id)).not.toContain(added?.id);
});

test("change_that_was_made_while_the_page_was_left_is_a_step_like_any_other", () => {
  keepAt({ ...SAVED, version: 2, settings: RESULT.settings }, { bpm: 90 });
  const session = openAgain(SAVED);
  expect([session.wish, session.edit.past.length]).toEqual([null, 2]);
});

test("change_that_never_reached_the_service_is_asked_for", () => {
  const service = { ...SAVED, settings: RESULT.settings };
  keepAt(service, { bpm: 90 });
  const session = openAgain(service);
  expect([session.wish, session.edit.past.length]).toEqual([{ bpm: 90 }, 2]);
});

test.each([
  ["other_notes", { ...SAVED, version: 4, hits: [hit(1)] }],
  ["another_metre", { ...SAVED, version: 4, settings: { ...SAVED.settings, time_signature: "3/4" } }],
] satisfies [string, JobResult][])("song_with_%s_by_now_has_no_earlier_steps_and_says_so", (_, service) => {
  keepAt(SAVED, {});
  const session = openAgain(service);
  expect([session.edit.past.length, session.isHistoryLost]).toEqual([0, true]);
  expect(session.edit.hits).toEqual(service.hits);
  const next = sessionAfter(session, { kind: "edit", action: { kind: "add", hit: hit(7) } });
  expect(next.isHistoryLost).toBe(false);
});

test("what_was_heard_anew_meanwhile_is_one_step_more", () => {
  keepAt(SAVED, {});
  const session = openAgain({ ...SAVED, version: 4, hits: [hit(1), hit(3), hit(5)] }, true);
  expect([session.save.kind, session.version, session.edit.past.length]).toEqual(["saved", 4, 3]);
  expect(session.stored).toBe(session.edit.hits);
  expect(undone(session).edit.hits).toEqual(edit.hits);
});

test("nonsense_in_the_storage_is_no_history", () => {
  sessionStorage.setItem("drumscribe.history.job", '{"past": 3}');
  expect(readHistory("job")).toBeNull();
});

test("nothing_to_undo_leaves_nothing_behind", () => {
  keepAt(SAVED, {});
  keepHistory("job", openAgain({ ...SAVED, hits: [hit(9)] }).edit, { version: 9, settings: SAVED.settings, wish: {} });
  expect(sessionStorage).toHaveLength(0);
});
