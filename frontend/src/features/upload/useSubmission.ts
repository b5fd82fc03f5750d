import { useCallback, useEffect, useRef, useState } from "react";
import { ApiProblem } from "@/api/problem";
import { newKey } from "@/lib/newKey";
import { say } from "@/words";
import { loadChosenForm } from "./chosenLater";
import type { Song, SongOptions } from "./sendSong";

export type SubmissionState =
  | { phase: "idle" }
  | { phase: "sending"; fraction: number }
  /** The line broke: the same can be sent again, and goes on by itself when the line is back. */
  | { phase: "interrupted"; problem: ApiProblem }
  | { phase: "refused"; problem: ApiProblem };

/** Sends songs, one at a time. accepted: is told the id of the new job. */
export function useSubmission(accepted: (jobId: string) => void) {
  const [state, setState] = useState<SubmissionState>({ phase: "idle" });
  const controller = useRef<AbortController | null>(null);
  const last = useRef<{ song: Song; options: SongOptions; key: string } | null>(null);

  const run = useCallback(async () => {
    const wanted = last.current;
    if (!wanted) return;
    controller.current?.abort();
    const mine = new AbortController();
    controller.current = mine;
    setState({ phase: "sending", fraction: 0 });
    try {
      const { sendSong } = await loadChosenForm().catch(() => {
        throw new ApiProblem({ code: "offline", status: 0, detail: say("problems.offline") });
      });
      const job = await sendSong({
        song: wanted.song,
        options: wanted.options,
        idempotencyKey: wanted.key,
        signal: mine.signal,
        onProgress: (fraction) => {
          if (!mine.signal.aborted) setState({ phase: "sending", fraction });
        },
      });
      if (!mine.signal.aborted) accepted(job.job_id);
    } catch (error) {
      if (mine.signal.aborted) return;
      const problem =
        error instanceof ApiProblem
          ? error
          : new ApiProblem({ code: "page_error", status: -1, detail: String(error) });
      setState({ phase: problem.code === "offline" ? "interrupted" : "refused", problem });
    }
  }, [accepted]);

  const send = useCallback(
    (song: Song, options: SongOptions) => {
      last.current = { song, options, key: newKey() };
      void run();
    },
    [run],
  );
  const cancel = useCallback(() => {
    controller.current?.abort();
    last.current = null;
    setState({ phase: "idle" });
  }, []);

  useEffect(() => () => controller.current?.abort(), []);
  useEffect(() => {
    if (state.phase !== "interrupted") return;
    const goOn = () => void run();
    window.addEventListener("online", goOn);
    return () => window.removeEventListener("online", goOn);
  }, [state.phase, run]);

  return { state, send, retry: run, cancel };
}
