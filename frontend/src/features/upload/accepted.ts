import { say } from "@/words";

export const ACCEPTED_ENDINGS = [
  "wav", "mp3", "flac", "ogg", "oga", "opus", "m4a", "mp4", "aac", "aif", "aiff", "aifc",
  "webm", "mka", "mkv", "wma", "caf", "au", "w64", "rf64",
] as const; // prettier-ignore

/** What a file-picker offers. */
export const ACCEPT = ["audio/*", ...ACCEPTED_ENDINGS.map((ending) => `.${ending}`)].join(",");

export const acceptWords = (): string => say("start.accepted");
