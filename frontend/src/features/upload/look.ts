import { clockTime } from "@/lib/format";
import { durationOf, isTooLong, refusalOf, type Limits } from "./checkFile";
import { NO_OPTIONS, type OptionFields } from "./optionFields";

/** What is known of a file once it was looked at. */
export type Look =
  | { isTaken: false; refusal: string }
  /** longSeconds: how long it plays, where only a part is heard at once; options then name the first part. */
  | { isTaken: true; options: OptionFields; longSeconds: number | null };

/** Whether a file may be sent, and what has to be said about it. */
export async function lookAt(file: File, limits: Limits | undefined): Promise<Look> {
  const seconds = await durationOf(file);
  const refusal = await refusalOf(file, limits, seconds);
  if (refusal) return { isTaken: false, refusal: `${file.name}: ${refusal}` };
  if (!limits || !isTooLong(seconds, limits)) return { isTaken: true, options: NO_OPTIONS, longSeconds: null };
  const options = { ...NO_OPTIONS, start: "0:00", end: clockTime(limits.max_duration_seconds) };
  return { isTaken: true, options, longSeconds: seconds };
}
