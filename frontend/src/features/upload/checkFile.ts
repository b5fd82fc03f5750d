import type { components } from "@/api/client";
import { fileSize } from "@/lib/format";
import { say, type PlainKey } from "@/words";
import "@/words/form";
import { ACCEPTED_ENDINGS } from "./accepted";

export type Limits = components["schemas"]["LimitsOut"];

/** Files that people drop by mistake, by their first bytes, and what they are. */
const NOT_MUSIC: readonly (readonly [string, PlainKey])[] = [
  ["%PDF", "file.not.pdf"],
  ["\x89PNG", "file.not.picture"],
  ["\xff\xd8\xff", "file.not.picture"],
  ["GIF8", "file.not.picture"],
  ["PK\x03\x04", "file.not.zip"],
  ["Rar!", "file.not.archive"],
  ["7z\xbc\xaf", "file.not.archive"],
  ["MThd", "file.not.midi"],
  ["<?xml", "file.not.text"],
  ["<!DOC", "file.not.web"],
  ["{", "file.not.text"],
];
const MUSIC: readonly string[] = [
  "RIFF", "RF64", "fLaC", "OggS", "ID3", "FORM", "caff", ".snd", "riff", "\x1aE\xdf\xa3", "0&\xb2u",
]; // prettier-ignore
export const PEEKED_BYTES = 16;

/** What is known of a file before it is read. */
export interface FileFacts {
  name: string;
  /** Media type, as the browser says; may be empty. */
  type: string;
  sizeBytes: number;
}

/** What is wrong with a file, in words for its owner; null if it may be sent. */
export async function refusalOf(
  file: File,
  limits: Limits | undefined,
  seconds: number | null = null,
): Promise<string | null> {
  const about = { name: file.name, type: file.type, sizeBytes: file.size };
  const refusal = refusalByHead(about, await headOf(file).catch(() => null), limits);
  if (refusal !== null || !limits) return refusal;
  if (seconds !== null && seconds < limits.min_duration_seconds - 0.05) {
    return say("file.too_short", { seconds: limits.min_duration_seconds });
  }
  return null;
}

/** The same by the first bytes alone, one character each; null: they could not be read. */
export function refusalByHead(
  file: FileFacts, head: string | null, limits: Limits | undefined,
): string | null {
  if (file.sizeBytes === 0) return say("file.empty");
  if (head === null) return say("file.unreadable");
  const mistake = NOT_MUSIC.find(([start]) => head.startsWith(start));
  if (mistake) return say("file.this_is", { what: say(mistake[1]) });
  if (!looksLikeMusic(file, head)) {
    return say("file.not_music");
  }
  if (limits && file.sizeBytes > limits.max_file_size_bytes) {
    return say("file.too_large", {
      size: fileSize(file.sizeBytes), most: fileSize(limits.max_file_size_bytes),
    });
  }
  return null;
}

/** Whether only a part of it can be heard at once. */
export const isTooLong = (seconds: number | null, limits: Limits): seconds is number =>
  seconds !== null && seconds > limits.max_duration_seconds + 1;

function looksLikeMusic(file: FileFacts, head: string): boolean {
  if (MUSIC.some((start) => head.startsWith(start))) return true;
  // MP4 says so after the length of its first box; MP3 and AAC begin with a frame.
  if (head.slice(4, 8) === "ftyp") return true;
  if (head.charCodeAt(0) === 0xff && (head.charCodeAt(1) & 0xe0) === 0xe0) return true;
  const ending = file.name.toLowerCase().split(".").at(-1) ?? "";
  return (ACCEPTED_ENDINGS as readonly string[]).includes(ending) || file.type.startsWith("audio/");
}

/** The first bytes of a file, one character each. */
export async function headOf(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, PEEKED_BYTES).arrayBuffer());
  return String.fromCharCode(...bytes);
}

/** Seconds, if this browser can tell; the service looks again anyway. */
export function durationOf(file: File): Promise<number | null> {
  if (typeof Audio === "undefined" || typeof URL.createObjectURL !== "function") {
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    const address = URL.createObjectURL(file);
    const audio = new Audio();
    const done = (seconds: number | null) => {
      clearTimeout(timer);
      audio.removeAttribute("src");
      URL.revokeObjectURL(address);
      resolve(seconds);
    };
    const timer = setTimeout(() => done(null), 3000);
    audio.preload = "metadata";
    audio.onloadedmetadata = () => done(Number.isFinite(audio.duration) ? audio.duration : null);
    audio.onerror = () => done(null);
    audio.src = address;
  });
}
