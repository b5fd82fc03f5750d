import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap, type components, type JobResult } from "@/api/client";
import type { BarMark } from "@/music/bars";
import { say } from "@/words";

type BroughtResult = components["schemas"]["BroughtResultOut"];

/** What bringing a score back needs of the edits on the page. */
export interface Edits {
  /** Everything that was edited is at the service. */
  settle: () => Promise<boolean>;
  /** The page is another by now. */
  takeResult: (next: JobResult) => void;
  /** The ETag of the newest result that is known here. */
  tag: () => string;
}

export interface Brought {
  name: string;
  brought: BroughtResult["brought"];
  /** Of the result that it became; undo is offered while that is the newest. */
  version: number;
  /** The score before it, as the service wrote it, and its bar lines that were set by hand. */
  before: Blob;
  bars: readonly BarMark[];
}

const SCORE = /\.(musicxml|xml|mxl|midi?|json)$/i;

const put = (jobId: string, content: Blob, tag: string): Promise<BroughtResult> =>
  unwrap(
    api.PUT("/api/v1/jobs/{job_id}/score/file", {
      params: { path: { job_id: jobId }, header: { "if-match": tag } },
      body: content as unknown as string,
      bodySerializer: (body: unknown) => body as Blob,
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );

const setBars = (jobId: string, marks: readonly BarMark[], tag: string): Promise<JobResult> =>
  unwrap(
    api.PATCH("/api/v1/jobs/{job_id}", {
      params: { path: { job_id: jobId }, header: { "if-match": tag } },
      body: { revert: false, bars: [...marks] },
    }),
  );

const readDocument = async (jobId: string): Promise<Blob> =>
  (await unwrap(
    api.GET("/api/v1/jobs/{job_id}/download/{format}", {
      params: { path: { job_id: jobId, format: "json" } },
      parseAs: "blob",
    }),
  )) as unknown as Blob;

/** A file that was corrected elsewhere becomes the score of this recording; and back. */
export function useBringBack(jobId: string, edits: Edits, bars: readonly BarMark[]) {
  const [last, setLast] = useState<Brought | null>(null);
  const bring = useMutation({
    mutationFn: async (files: File[]): Promise<Brought> => {
      const [file] = files;
      if (!file || files.length > 1) throw new Error(say("bring.one_at_a_time"));
      if (!SCORE.test(file.name)) throw new Error(say("bring.not_a_score"));
      if (!(await edits.settle())) throw new Error(say("bring.not_saved"));
      const before = await readDocument(jobId);
      const result = await put(jobId, file, edits.tag());
      edits.takeResult(result);
      return { name: file.name, brought: result.brought, version: result.version, before, bars };
    },
    onSuccess: setLast,
    onMutate: () => setLast(null),
  });
  const undo = useMutation({
    mutationFn: async ({ before, bars: marks }: Brought) => {
      edits.takeResult(await put(jobId, before, edits.tag()));
      // A document has bars, and not who set them.
      if (marks.length > 0) edits.takeResult(await setBars(jobId, marks, edits.tag()));
    },
    onSuccess: () => setLast(null),
  });
  return {
    bring: bring.mutate,
    undo: undo.mutate,
    isBusy: bring.isPending || undo.isPending,
    last,
    wasUndone: undo.isSuccess && last === null && bring.isSuccess,
    error: bring.error ?? undo.error,
    close: () => {
      setLast(null);
      bring.reset();
      undo.reset();
    },
  };
}

export type Bringing = ReturnType<typeof useBringBack>;
