import type { Hit } from "@/api/client";
import { api, unwrap, type JobResult } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { handOf } from "@/music/sticking";
import { inOrder, SAME_STROKE_SECONDS } from "@/music/strokes";
import { DOUBLE_SECONDS, stepped, type EditState, type Patch } from "./edits";

/** Whether they sound the same, whoever plays them. */
const isSame = (a: Hit, b: Hit | undefined): boolean =>
  b !== undefined &&
  a.time === b.time &&
  a.instrument === b.instrument &&
  a.velocity === b.velocity &&
  a.articulation === b.articulation;

const isWhollySame = (a: Hit, b: Hit | undefined): boolean => b !== undefined && isSame(a, b) && handOf(a) === handOf(b);

const byId = (hits: readonly Hit[]): ReadonlyMap<number, Hit> => new Map(hits.map((hit) => [hit.id, hit]));

/**
 * Edits that the service does not have yet, on top of what it has now: its drums were heard anew.
 *
 * base: what the service had when they were made. It is one step of editing, and can be undone like
 * any other; strokes that are heard both times have the same ids. Which hand plays a stroke goes with
 * it, and keeps none that is heard no more.
 */
export function onTopOf(
  state: EditState,
  base: readonly Hit[],
  theirs: readonly Hit[],
  words: string,
  step: (state: EditState, patch: Patch) => EditState = stepped,
): EditState {
  const [before, here] = [byId(base), byId(state.hits)];
  const isGone = (hit: Hit) => before.has(hit.id) && !here.has(hit.id);
  const mine = state.hits.filter((hit) => !isSame(hit, before.get(hit.id)));
  const isMine = new Set(mine.map((hit) => hit.id));
  const covers = (hit: Hit) =>
    mine.some((one) => one.instrument === hit.instrument && Math.abs(one.time - hit.time) < DOUBLE_SECONDS);
  // A stroke that was put in here may have been given the number of one that was heard there.
  const isTaken = new Set(theirs.filter((hit) => !before.has(hit.id)).map((hit) => hit.id));
  let nextId = Math.max(state.nextId, 1 + theirs.reduce((most, hit) => Math.max(most, hit.id), -1));
  const renamed = mine.map((hit) => (!before.has(hit.id) && isTaken.has(hit.id) ? { ...hit, id: nextId++ } : hit));
  const withMyHand = (hit: Hit): Hit => {
    const [was, own] = [before.get(hit.id), here.get(hit.id)];
    return was && own && handOf(was) !== handOf(own) ? { ...hit, sticking: handOf(own) } : hit;
  };
  const kept = theirs
    .filter((hit) => !isGone(hit) && !(before.has(hit.id) && isMine.has(hit.id)) && !covers(hit))
    .map(withMyHand);
  const after = [...kept, ...renamed].sort(inOrder);
  const there = byId(after);
  const patch = {
    removed: state.hits.filter((hit) => !isWhollySame(hit, there.get(hit.id))),
    added: after.filter((hit) => !isWhollySame(hit, here.get(hit.id))),
    words,
  };
  const { selection } = state;
  const next = step({ ...state, nextId }, patch);
  return { ...next, selection: new Set([...selection].filter((id) => there.has(id))) };
}

/** Whether two sides changed the same strokes of what both began with, or put strokes into the same place. */
export function touchesSame(base: readonly Hit[], mine: readonly Hit[], theirs: readonly Hit[]): boolean {
  const before = byId(base);
  const touched = (hits: readonly Hit[]) => {
    const here = byId(hits);
    const put = hits.filter((hit) => !isSame(hit, before.get(hit.id)));
    return { put, known: base.filter((hit) => !isSame(hit, here.get(hit.id))) };
  };
  const [here, there] = [touched(mine), touched(theirs)];
  const isKnown = new Set(here.known.map(({ id }) => id));
  return (
    there.known.some(({ id }) => isKnown.has(id)) ||
    here.put.some((one) =>
      there.put.some(
        (other) => one.instrument === other.instrument && Math.abs(one.time - other.time) < SAME_STROKE_SECONDS,
      ),
    )
  );
}

/** The result that a song has since its drums were heard anew, if nothing else was done to it. */
export async function heardAnewSince(jobId: string, version: number): Promise<JobResult | null> {
  const params = { path: { job_id: jobId } };
  const { refinement } = await unwrap(api.GET("/api/v1/jobs/{job_id}", { params }));
  if (refinement?.version !== version + 1) return null;
  const result = await unwrap(api.GET("/api/v1/jobs/{job_id}/result", { params }));
  return result.version === version + 1 ? result : null;
}

/** Whether the service says that it has another version by now. */
export const isOutdated = (error: unknown): boolean => error instanceof ApiProblem && error.status === 412;
