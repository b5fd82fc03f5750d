import type { JobStatus, WireStatus } from "@/api/client";

/** A job's stage, as a musician would say it. */
export const STAGES = [
  { status: "processing", from: 0, to: 10, name: "Listening in", doing: "Listening to the recording" },
  {
    status: "separating_drums",
    from: 10,
    to: 60,
    name: "Drums alone",
    doing: "Taking the drums out of the mix",
  },
  { status: "predicting", from: 60, to: 85, name: "Every note", doing: "Finding every note and the beat" },
  { status: "transcribing", from: 85, to: 100, name: "On paper", doing: "Writing the page" },
] as const satisfies readonly {
  status: WireStatus;
  from: number;
  to: number;
  name: string;
  doing: string;
}[];

export function statusWords(status: WireStatus): string {
  switch (status) {
    case "queued":
      return "Waiting for its turn";
    case "completed":
      return "Done";
    case "failed":
      return "Did not work";
    case "cancelled":
      return "Cancelled";
    default:
      return STAGES.find((stage) => stage.status === status)?.doing ?? "At work";
  }
}

export function queueWords(position: number | null): string | null {
  if (position === null) return null;
  if (position <= 1) return "It is the next one.";
  return position === 2 ? "One song comes before it." : `${position - 1} songs come before it.`;
}

const LISTEN_AGAIN =
  "If there are more, write down more doubtful strokes, or have the drums taken out of the mix first.";

/** Warnings of a result: what is meant and what to do. */
export function warningWords(warning: string, details = ""): { title: string; help: string } {
  switch (warning) {
    case "low_confidence":
      return {
        title: "Check this page by ear",
        help: "The drums were hard to hear. A good part of the notes may be wrong; doubtful ones are marked.",
      };
    case "bpm_unreliable":
      return {
        title: "The beat was hard to find",
        help: "If bars look shifted or twice too long, open “Tempo and bars” and set the tempo or where a bar begins; nothing has to be heard again.",
      };
    case "few_hits":
      return { title: "Few strokes were heard", help: LISTEN_AGAIN };
    case "kick_hardly_heard":
      return { title: "Hardly a kick was heard", help: LISTEN_AGAIN };
    case "snare_hardly_heard":
      return { title: "Hardly a snare was heard", help: LISTEN_AGAIN };
    case "cymbals_hardly_heard":
      return { title: "Hardly a cymbal was heard", help: LISTEN_AGAIN };
    case "sound_missing":
      return { title: "Sound is missing in the recording", help: `${details} If you have a whole copy, hand that in.` };
    case "several_tracks":
      return { title: "The file has several tracks of sound", help: details };
    case "tempo_does_not_fit":
      return { title: "The drums seem to have another tempo", help: details };
    case "phase_inverted":
      return { title: "One channel was upside down", help: `${details} There is nothing left to do.` };
    default:
      return { title: "Note", help: details || warning.replaceAll("_", " ") };
  }
}

/** Why a job failed, and what to try. */
export function failureWords(job: Pick<JobStatus, "error">): { title: string; help: string } {
  const code = job.error?.code ?? "";
  const message = job.error?.message ?? "";
  const known = FAILURES[code];
  if (known) return { title: known[0], help: known[1] };
  if (code.startsWith("link_")) {
    return {
      title: "The video could not be fetched",
      help: `${message} If you have the song as a file, upload that instead.`,
    };
  }
  return { title: "The song could not be transcribed", help: message || "Nobody said why." };
}

const FAILURES: Readonly<Record<string, readonly [string, string]>> = {
  not_audio: [
    "This is not a recording",
    "The file holds no sound that can be read. Is it the right one? WAV, MP3, FLAC, OGG and M4A work.",
  ],
  truncated_audio: [
    "The file is damaged or cut off",
    "A good part of its sound is missing. Copy or export it again and upload that, or take what is there: the page then has rests where sound is missing, or ends early.",
  ],
  audio_too_short: ["The recording is too short", "A few bars are needed to find the beat."],
  audio_too_long: ["The recording is too long", "Say which part of it you want to have."],
  sample_rate_too_low: [
    "The sound is too dull",
    "At this sample rate the cymbals are missing. Use the original, not a telephone's copy.",
  ],
  silent_audio: ["The recording is silent", "Nothing can be heard in it. Was the right track exported?"],
  invalid_samples: ["The file holds numbers that are no sound", "Export it again, as 16 or 24 bit."],
  no_drums_found: [
    "No drums were heard",
    "If there are some, and softly, try again and write down more doubtful notes.",
  ],
  worker_lost: [
    "The service broke off several times",
    "Perhaps it ran out of memory. Try a shorter recording, or without taking the drums out first.",
  ],
  step_timeout: [
    "It took too long",
    "Try a shorter recording, or without taking the drums out of the mix first.",
  ],
  link_private: ["The video is private", "Only its owner can fetch it. Upload the song as a file."],
  link_removed: ["The video is gone", "It was removed. Upload the song as a file."],
  link_bot_check: [
    "YouTube does not let us in",
    "It asks this service to prove that it is human. Upload the song as a file instead.",
  ],
  link_live: ["This is a live stream", "Wait until it has ended, or upload a recording."],
  engraving_failed: [
    "The page could not be drawn",
    "The notes were found, but writing them down failed. Trying again may help.",
  ],
};
