import { http, HttpResponse } from "msw";
import type { components, JobResult, JobStatus } from "@/api/client";
import type { paths } from "@/api/generated/schema";
import { WISHES } from "@/api/generated/wishes";

type Schemas = components["schemas"];

/** An address of the service as MSW writes it; the compiler knows which there are. */
export function address(path: keyof paths): string {
  return `*${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
}

export const JOB_ID = "7f0e1a34-52aa-4c1e-9d0f-0123456789ab";

export const LIMITS: Schemas["LimitsOut"] = {
  max_file_size_bytes: 50_000_000,
  min_duration_seconds: 5,
  max_duration_seconds: 900,
  max_active_jobs: 3,
  retention_hours: 24,
  share_by_link: true,
  links_enabled: true,
  sound_links_enabled: true,
  separation: "after_download",
  separation_download_bytes: 174_000_000,
  separation_licence: "personal and research use",
};

/** A song whose drums are being taken out of the mix. */
export const REFINEMENT: Schemas["RefinementOut"] = {
  status: "separating_drums",
  progress: 31,
  attempt: 1,
  queue_position: null,
  eta_seconds: 140,
  is_stopping: false,
  error: null,
  added: null,
  removed: null,
  changed: null,
  version: null,
  can_undo: false,
  created_at: "2026-11-29T04:13:30Z",
  finished_at: null,
};

export function jobStatus(said: Partial<JobStatus> = {}): JobStatus {
  return {
    job_id: JOB_ID,
    status: "queued",
    progress: 0,
    step: "ingest_audio",
    attempt: 0,
    title: "Rosanna",
    artist: null,
    input_type: "upload",
    youtube_url: null,
    source_url: null,
    original_filename: "rosanna.mp3",
    queue_position: null,
    eta_seconds: null,
    warnings: [],
    warning_details: [],
    error: null,
    error_message: null,
    duration_seconds: null,
    detected_bpm: null,
    bpm: null,
    bpm_unreliable: false,
    confidence_score: null,
    hit_summary: null,
    compute_time_ms: null,
    model_version: null,
    metadata: {},
    is_edited: false,
    edited_at: null,
    version: 1,
    created_at: "2026-05-02T10:00:00Z",
    updated_at: "2026-05-02T10:00:00Z",
    finished_at: null,
    expires_at: null,
    is_own: true,
    tags: [],
    refinement: null,
    downloads: [],
    ...said,
  };
}

const NOTHING_SAID = Object.fromEntries(
  Object.entries(WISHES).map(([name, { standard }]) => [name, standard]),
) as JobResult["settings"];

export function jobResult(said: Partial<JobResult> = {}): JobResult {
  return {
    job_id: JOB_ID,
    title: "Rosanna",
    status: "completed",
    duration_seconds: 20,
    detected_bpm: 87,
    bpm: 86.9,
    bpm_is_said: false,
    beat_length: 1,
    bpm_unreliable: false,
    time_signature: "4/4",
    tempo_map: [{ time: 0, bpm: 86.9 }],
    beats: [0, 0.69, 1.38, 2.07],
    beat_numbers: [1, 2, 3, 4],
    downbeats: [0],
    bar_confidences: [],
    bar_time_signatures: [],
    alternatives: [],
    candidates: [],
    review: [],
    hits: [{ id: 0, time: 0, instrument: "kick", velocity: 0.8, confidence: 0.9, articulation: null }],
    hit_summary: { kick: 1 },
    confidence_score: 0.9,
    warnings: [],
    warning_details: [],
    compute_time_ms: 4200,
    model_version: "drumscribe-hearing 0.1.0",
    models: [],
    separated: false,
    is_edited: false,
    has_edited_hits: false,
    edited_at: null,
    version: 1,
    settings: NOTHING_SAID,
    downloads: [download("pdf"), download("musicxml"), download("midi")],
    ...said,
  };
}

export function download(format: string): Schemas["Download"] {
  return {
    format,
    url: `/api/v1/jobs/${JOB_ID}/download/${format}`,
    media_type: "application/octet-stream",
    size_bytes: 71_000,
    sha256: "0".repeat(64),
    filename: `Rosanna.${format}`,
  };
}

export function problem(status: number, code: string, detail: string) {
  const body: Schemas["Problem"] = { type: "about:blank", title: "", status, code, detail, instance: "" };
  return HttpResponse.json(body, { status });
}

/** A service that has nothing to do; tests put their own answers before these. */
export const idle = [
  http.post(address("/api/v1/session"), () => new HttpResponse(null, { status: 204 })),
  http.get(address("/api/v1/limits"), () => HttpResponse.json(LIMITS)),
  http.get(address("/api/v1/jobs"), () =>
    HttpResponse.json({ jobs: [], next_cursor: null } satisfies Schemas["JobList"]),
  ),
  http.get(address("/api/v1/set-lists"), () => HttpResponse.json([] satisfies Schemas["SetListOut"][])),
];

export const jobIs = (job: JobStatus) =>
  http.get(address("/api/v1/jobs/{job_id}"), () => HttpResponse.json(job));

/**
 * A service with one song, which is at the page as it was seen last, and was completed since. Deleting
 * deletes it; cancelling comes too late.
 */
export function serviceOfOneSong(seen: JobStatus, now: JobStatus) {
  let [isAskedToEnd, isThere] = [false, true];
  const song = () => (isAskedToEnd ? now : seen);
  const notFound = () => problem(404, "job_not_found", "No.");
  return [
    http.get(address("/api/v1/jobs"), () =>
      HttpResponse.json({ jobs: isThere ? [song()] : [], next_cursor: null } satisfies Schemas["JobList"]),
    ),
    http.get(address("/api/v1/jobs/{job_id}"), () => (isThere ? HttpResponse.json(song()) : notFound())),
    http.post(address("/api/v1/jobs/{job_id}/cancel"), () => {
      isAskedToEnd = true;
      return HttpResponse.json(now);
    }),
    http.delete(address("/api/v1/jobs/{job_id}"), () => {
      [isAskedToEnd, isThere] = [true, false];
      return HttpResponse.json({ job_id: now.job_id, status: now.status, deleted: true } satisfies Schemas["DeletedOut"]);
    }),
  ];
}
