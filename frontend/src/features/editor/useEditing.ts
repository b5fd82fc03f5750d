import type { Hit } from "@/api/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { api, unwrap, type JobResult } from "@/api/client";
import { jobKeys } from "@/api/keys";
import { forgetDraft, keepDraft, readDraft } from "@/api/draft";
import { plain } from "@/music/strokes";
import type { Refinement } from "@/api/jobStates";
import { isSameStrokes, type EditAction } from "./edits";
import { heardAnewSince, isOutdated } from "./heardAnew";
import { keepHistory, readHistory } from "./keptHistory";
import { isDirty, openSession, type OptionsChange, type Session } from "./session";
import { SessionStore } from "./sessionStore";

const SAVE_AFTER_MILLISECONDS = 900;
const TRY_AGAIN_MILLISECONDS = 5000;

/** The service's ETag of a version: an edit that was made from another one is not taken. */
export const resultTag = (version: number): string => `"v${version}"`;

const getResult = (jobId: string): Promise<JobResult> =>
  unwrap(api.GET("/api/v1/jobs/{job_id}/result", { params: { path: { job_id: jobId } } }));

/** from: the version that the strokes were made from; null puts them over whatever is there. */
async function putScore(
  jobId: string, hits: readonly Hit[], from: number | null,
): Promise<JobResult> {
  try {
    return await unwrap(
      api.PUT("/api/v1/jobs/{job_id}/score", {
        params: {
          path: { job_id: jobId },
          header: from === null ? {} : { "if-match": resultTag(from) },
        },
        body: { hits: plain(hits) },
      }),
    );
  } catch (error) {
    if (!isOutdated(error)) throw error;
    // Sent again because the answer was lost on its way: the other version is this very one.
    const there = await getResult(jobId);
    if (isSameStrokes(there.hits, hits)) return there;
    throw error;
  }
}

/**
 * Strokes under edit: changed here at once, kept in the browser's storage a moment later, and at
 * the service as soon as it takes them. The result in the query cache is what the service has.
 */
export function useEditing(jobId: string, result: JobResult, refinement: Refinement | null) {
  const queries = useQueryClient();
  const [{ subscribe, now, tell }] = useState(() => {
    const isHeardAnew = refinement?.version === result.version;
    return new SessionStore(openSession({ ...result, isHeardAnew }, readDraft(jobId), readHistory(jobId)));
  });
  const session = useSyncExternalStore(subscribe, now, now);
  const { edit, version, stored, save, wish, asked } = session;
  const { hits } = edit;
  const { settings } = result;
  const dirty = isDirty(session);

  /** stored: the strokes that the answer holds; null where all others are to be forgotten. */
  const take = useCallback(
    (next: JobResult, stored: readonly Hit[] | null) => {
      const here = now().edit.hits;
      if (stored && here !== stored) {
        keepDraft(jobId, { version: next.version, hits: plain(here), base: next.hits });
      } else forgetDraft(jobId);
      queries.setQueryData(jobKeys.result(jobId), next);
      void queries.invalidateQueries({ queryKey: jobKeys.job(jobId), exact: true });
    },
    [queries, jobId, now],
  );

  const takeNew = useCallback(
    (next: JobResult) => {
      take(next, now().edit.hits);
      tell({ kind: "heard_anew", hits: next.hits, version: next.version });
    },
    [take, now, tell],
  );
  /** Refused because of nothing but what was heard anew: then the page takes that over. */
  const isHeardAnew = useCallback(
    async (error: unknown, from: number | null): Promise<boolean> => {
      if (from === null || !isOutdated(error)) return false;
      const next = await heardAnewSince(jobId, from).catch(() => null);
      if (next) takeNew(next);
      return next !== null;
    },
    [jobId, takeNew],
  );

  /** One after the other, each from the version that the one before has made: of two at once the service refuses one. */
  const flight = useRef<Promise<unknown>>(Promise.resolve());
  const inTurn = useCallback(<T>(action: () => Promise<T>): Promise<T> => {
    const mine = flight.current.then(action);
    flight.current = mine.catch(() => undefined);
    return mine;
  }, []);

  /** Whether the service has taken the strokes of here. isForced: over whatever it has. */
  const put = useCallback(
    (isForced = false): Promise<boolean> =>
      inTurn(async () => {
        const before = now();
        if (!isForced && !isDirty(before)) return true;
        const toStore = before.edit.hits;
        const from = isForced ? null : before.version;
        tell({ kind: "sending" });
        try {
          const next = await putScore(jobId, toStore, from);
          tell({ kind: "stored", hits: toStore, version: next.version });
          take(next, toStore);
          return true;
        } catch (error) {
          if (!(await isHeardAnew(error, from))) tell({ kind: "failed", error });
          return false;
        }
      }),
    [jobId, inTurn, now, tell, take, isHeardAnew],
  );

  useEffect(() => {
    if (!dirty) return;
    keepDraft(jobId, { version, hits: plain(hits), base: plain(stored) });
    const waitsForAnswer = save.kind !== "saved" && save.kind !== "offline";
    // The service refuses a page without a stroke; the last one stays until another is there.
    if (waitsForAnswer || hits.length === 0) return;
    const wait = save.kind === "offline" ? TRY_AGAIN_MILLISECONDS : SAVE_AFTER_MILLISECONDS;
    const timer = setTimeout(() => void put(), wait);
    return () => clearTimeout(timer);
  }, [dirty, hits, version, stored, save, jobId, put]);

  useEffect(() => {
    keepHistory(jobId, edit, { version, settings, wish: { ...asked, ...wish } });
  }, [jobId, edit, version, settings, asked, wish]);

  // Whoever goes to another view has not to come back for the last edit to be saved.
  useEffect(
    () => () => {
      const left = now();
      if (isDirty(left) && left.save.kind === "saved" && left.edit.hits.length > 0) void put();
    },
    [now, put],
  );

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);

  /** Whether it was done. call: is given the wish and the version that it is asked from. isWish: edits that are not saved yet stay. */
  const ask = useCallback(
    (call: (before: Session) => Promise<JobResult>, isWish = false): Promise<boolean> =>
      inTurn(async () => {
        const before = now();
        if (isWish && !before.wish) return true;
        tell({ kind: "asking" });
        try {
          const next = await call(before);
          // First, so that what was asked for is never missing from both.
          take(next, isWish ? before.edit.hits : null);
          tell({ kind: "loaded", hits: next.hits, version: next.version, keepsEdits: isWish });
          return true;
        } catch (error) {
          if (!(await isHeardAnew(error, before.version))) tell({ kind: "failed", error });
          return false;
        }
      }),
    [inTurn, now, tell, take, isHeardAnew],
  );
  const sendWish = useCallback(
    () =>
      ask(
        (before) =>
          unwrap(
            api.PATCH("/api/v1/jobs/{job_id}", {
              params: { path: { job_id: jobId }, header: { "if-match": resultTag(before.version) } },
              body: { revert: false, ...before.wish },
            }),
          ),
        true,
      ),
    [ask, jobId],
  );

  // One after the other, and strokes first: the answer brings the strokes that the service has.
  useEffect(() => {
    if (!wish || dirty || save.kind === "saving" || save.kind === "conflict") return;
    const timer = setTimeout(() => void sendWish(), save.kind === "offline" ? TRY_AGAIN_MILLISECONDS : 0);
    return () => clearTimeout(timer);
  }, [wish, dirty, save, sendWish]);

  const params = { path: { job_id: jobId } };

  return {
    edit,
    save,
    isDirty: dirty,
    dispatch: useCallback((action: EditAction) => tell({ kind: "edit", action }), [tell]),
    /** Asked for, or to be asked for, and not answered yet. */
    wish: { ...asked, ...wish },
    /** Changes tempo, metre, bar 1, sensitivity, style, as soon as all strokes are saved: one step, which can be undone. */
    change: useCallback((change: OptionsChange) => tell({ kind: "wish", change, now: settings }), [tell, settings]),
    isHistoryLost: session.isHistoryLost,
    /** After what is under way: else the one that the service takes up last would win. */
    revert: () => ask(() => unwrap(api.POST("/api/v1/jobs/{job_id}/score/revert", { params }))),
    /** Everything is at the service, edits of this moment too, and what was asked for; false where it does not take them. */
    settle: async (): Promise<boolean> => {
      for (;;) {
        await flight.current;
        const left = now();
        if (!isDirty(left) && !left.wish) return true;
        if (!(await (isDirty(left) ? put() : sendWish()))) return false;
      }
    },
    /** Another page has taken the place of this one. */
    takeResult: (next: JobResult) => {
      take(next, null);
      tell({ kind: "loaded", hits: next.hits, version: next.version, keepsEdits: false });
    },
    version,
    /** Takes over what was heard anew, between two savings; edits that are not saved yet stay. */
    takeHeardAnew: useCallback(
      () =>
        inTurn(async () => {
          const next = await heardAnewSince(jobId, now().version).catch(() => null);
          if (next) takeNew(next);
        }),
      [inTurn, jobId, now, takeNew],
    ),
    /** Of the newest result that the service is known to have. */
    tag: () => resultTag(queries.getQueryData<JobResult>(jobKeys.result(jobId))?.version ?? version),
    loadTheirs: () => ask(() => getResult(jobId)),
    keepMine: () => put(true),
    tryAgain: () => (wish !== null && !dirty ? sendWish() : put()),
  };
}

export type Editing = ReturnType<typeof useEditing>;
