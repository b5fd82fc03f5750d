import { API_PREFIX, ensureSession, type components } from "@/api/client";
import { ApiProblem, problemFrom } from "@/api/problem";
import type { operations } from "@/api/generated/schema";
import { say } from "@/words";

export type JobAccepted = components["schemas"]["JobAccepted"];
type JobFromLink =
  operations["create_job_api_v1_jobs_post"]["requestBody"]["content"]["application/json"];

/** What may be said about a song. Everything may be left out. */
export type SongOptions = Partial<
  Pick<
    JobFromLink,
    | "title"
    | "bpm"
    | "time_signature"
    | "separation"
    | "sensitivity"
    | "form"
    | "start_seconds"
    | "end_seconds"
  >
>;

/** Where a song comes from. */
export type Song =
  | { kind: "file"; file: File }
  | { kind: "link"; url: string };

interface Sending {
  song: Song;
  options: SongOptions;
  /** The same for each try of the same song: it then becomes one job, however often it is sent. */
  idempotencyKey: string;
  /** fraction: 0..1 of the bytes that have left; 1 while the answer is awaited. */
  onProgress: (fraction: number) => void;
  signal: AbortSignal;
}

/**
 * Hands a song in.
 *
 * By XMLHttpRequest, because fetch does not say how much of a body has been sent. Throws ApiProblem;
 * rejects with an AbortError if the signal says so.
 */
export async function sendSong({
  song,
  options,
  idempotencyKey,
  onProgress,
  signal,
}: Sending): Promise<JobAccepted> {
  await ensureSession();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const offline = (detail: string) =>
      reject(new ApiProblem({ code: "offline", status: 0, detail }));
    request.open("POST", `${location.origin}${API_PREFIX}/jobs`);
    request.setRequestHeader("Idempotency-Key", idempotencyKey);
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    };
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 202) resolve(body as JobAccepted);
      else reject(problemFrom(request.status, body, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => offline(say("problems.broke_off"));
    request.ontimeout = () => offline(say("problems.timed_out"));
    request.onabort = () => reject(new DOMException(say("job.status.cancelled"), "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (song.kind === "file") {
      request.send(formOf(song.file, options));
    } else {
      request.setRequestHeader("Content-Type", "application/json");
      request.send(JSON.stringify({ ...options, source_url: song.url }));
    }
  });
}

function formOf(file: File, options: SongOptions): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && value !== null && value !== "") form.set(name, String(value));
  }
  // Last, so that the options have arrived when the file begins.
  form.set("file", file, file.name);
  return form;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
