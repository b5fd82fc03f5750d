import type { Hit } from "@/api/client";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { api, unwrap, type JobResult } from "@/api/client";
import { jobKeys } from "@/api/keys";
import { forgetDraft, keepDraft, readDraft } from "@/api/draft";
import { plain } from "@/music/strokes";
import type { Refinement } from "@/api/jobStates";
import { isSameStrokes, type EditAction } from "./edits";
import { heardAnewSince, isOutdated } from "./heardAnew";
import { keepHistory, readHistory } from "./keptHistory";
import { isDirty, openSession, sessionAfter, type OptionsChange } from "./session";

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
  const [session, tell] = useReducer(sessionAfter, null, () => {
    const isHeardAnew = refinement?.version === result.version;
    return openSession({ ...result, isHeardAnew }, readDraft(jobId), readHistory(jobId));
  });
  const { edit, version, base, save, wish, asked } = session;
  const { hits } = edit;
  const { settings } = result;
  const dirty = isDirty(session);

  // As they are now, for answers that come after the page has gone.
  const latest = useRef(hits);
  useEffect(() => {
    latest.current = hits;
  });

  /** stored: the strokes that the answer holds; null where all others are to be forgotten. */
  const take = useCallback(
    (next: JobResult, stored: readonly Hit[] | null) => {
      if (stored && latest.current !== stored) {
        keepDraft(jobId, { version: next.version, hits: plain(latest.current), base: next.hits });
      } else forgetDraft(jobId);
      queries.setQueryData(jobKeys.result(jobId), next);
      void queries.invalidateQueries({ queryKey: jobKeys.job(jobId), exact: true });
    },
    [queries, jobId],
  );

  const takeNew = useCallback(
    (next: JobResult) => {
      take(next, latest.current);
      tell({ kind: "heard_anew", hits: next.hits, version: next.version });
    },
    [take],
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

  const flight = useRef<Promise<unknown>>(Promise.resolve());
  /** Whether the service has taken them. */
  const put = useCallback(
    (toStore: readonly Hit[], from: number | null): Promise<boolean> => {
      const send = async () => {
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
      };
      const sent = send();
      flight.current = sent;
      return sent;
    },
    [jobId, take, isHeardAnew],
  );

  useEffect(() => {
    if (!dirty) return;
    keepDraft(jobId, { version, hits: plain(hits), base: plain(base) });
    const waitsForAnswer = save.kind !== "saved" && save.kind !== "offline";
    // The service refuses a page without a stroke; the last one stays until another is there.
    if (waitsForAnswer || hits.length === 0) return;
    const wait = save.kind === "offline" ? TRY_AGAIN_MILLISECONDS : SAVE_AFTER_MILLISECONDS;
    const timer = setTimeout(() => void put(hits, version), wait);
    return () => clearTimeout(timer);
  }, [dirty, hits, version, base, save, jobId, put]);

  useEffect(() => {
    keepHistory(jobId, edit, { version, settings, wish: { ...asked, ...wish } });
  }, [jobId, edit, version, settings, asked, wish]);

  // Whoever goes to another view has not to come back for the last edit to be saved.
  const leave = useRef(() => {});
  useEffect(() => {
    leave.current = () => {
      if (dirty && save.kind === "saved" && hits.length > 0) void put(hits, version);
    };
  });
  useEffect(() => () => leave.current(), []);

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [dirty]);

  const ask = useCallback(
    async (call: () => Promise<JobResult>, keepsEdits = false): Promise<void> => {
      tell({ kind: "asking" });
      const before = keepsEdits ? latest.current : null;
      try {
        const next = await call();
        // First, so that what was asked for is never missing from both.
        take(next, before);
        tell({ kind: "loaded", hits: next.hits, version: next.version, keepsEdits });
      } catch (error) {
        if (!(await isHeardAnew(error, version))) tell({ kind: "failed", error });
      }
    },
    [take, isHeardAnew, version],
  );

  // One after the other, and strokes first: the answer brings the strokes that the service has.
  useEffect(() => {
    if (!wish || dirty || save.kind === "saving" || save.kind === "conflict") return;
    const send = () =>
      void ask(
        () =>
          unwrap(
            api.PATCH("/api/v1/jobs/{job_id}", {
              params: { path: { job_id: jobId }, header: { "if-match": resultTag(version) } },
              body: { revert: false, ...wish },
            }),
          ),
        true,
      );
    const timer = setTimeout(send, save.kind === "offline" ? TRY_AGAIN_MILLISECONDS : 0);
    return () => clearTimeout(timer);
  }, [wish, dirty, save, jobId, version, ask]);

  const params = { path: { job_id: jobId } };

  return {
    edit,
    save,
    isDirty: dirty,
    dispatch: useCallback((action: EditAction) => tell({ kind: "edit", action }), []),
    /** Asked for, or to be asked for, and not answered yet. */
    wish: { ...asked, ...wish },
    /** Changes tempo, metre, bar 1, sensitivity, style, as soon as all strokes are saved: one step, which can be undone. */
    change: useCallback((change: OptionsChange) => tell({ kind: "wish", change, now: settings }), [settings]),
    isHistoryLost: session.isHistoryLost,
    /** After what is being saved: else the one that the service takes up last would win. */
    revert: async () => {
      await flight.current;
      await ask(() => unwrap(api.POST("/api/v1/jobs/{job_id}/score/revert", { params })));
    },
    /** Everything is at the service, edits of this moment too; false where it does not take them. */
    settle: async (): Promise<boolean> => {
      await flight.current;
      return dirty ? put(hits, version) : true;
    },
    /** Another page has taken the place of this one. */
    takeResult: (next: JobResult) => {
      take(next, null);
      tell({ kind: "loaded", hits: next.hits, version: next.version, keepsEdits: false });
    },
    version,
    /** Takes over what was heard anew, between two savings; edits that are not saved yet stay. */
    takeHeardAnew: useCallback(async () => {
      await flight.current;
      const next = await heardAnewSince(jobId, version).catch(() => null);
      if (next) takeNew(next);
    }, [jobId, version, takeNew]),
    /** Of the newest result that the service is known to have. */
    tag: () => resultTag(queries.getQueryData<JobResult>(jobKeys.result(jobId))?.version ?? version),
    loadTheirs: () => ask(() => getResult(jobId)),
    keepMine: () => put(hits, null),
    tryAgain: () => (wish !== null && !dirty ? tell({ kind: "wish", change: wish }) : void put(hits, version)),
  };
}

export type Editing = ReturnType<typeof useEditing>;
