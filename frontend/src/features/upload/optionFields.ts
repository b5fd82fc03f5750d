import { WISHES } from "@/api/generated/wishes";
import { readClock } from "@/lib/format";
import { isMetre } from "@/music/metre";
import { say } from "@/words";
import type { SongOptions } from "./sendSong";

/** What was typed; empty is "find it out". */
export interface OptionFields {
  title: string;
  bpm: string;
  timeSignature: string;
  separation: (typeof WISHES.separation.choices)[number];
  sensitivity: number;
  form: (typeof WISHES.form.choices)[number];
  start: string;
  end: string;
}

export const NO_OPTIONS: OptionFields = {
  title: "",
  bpm: "",
  timeSignature: "",
  separation: WISHES.separation.standard,
  sensitivity: WISHES.sensitivity.standard,
  form: WISHES.form.standard,
  start: "",
  end: "",
};

/** What is wrong with each field. */
export function optionErrors(fields: OptionFields): Partial<Record<keyof OptionFields, string>> {
  const bpm = Number(fields.bpm.replace(",", "."));
  const { least, most } = WISHES.bpm;
  return {
    ...(fields.bpm.trim() && !(bpm >= least && bpm <= most)
      ? { bpm: say("form.bpm_range", { least, most }) }
      : {}),
    ...(fields.timeSignature.trim() && !isMetre(fields.timeSignature.trim())
      ? { timeSignature: say("form.metre_such_as") }
      : {}),
    ...partErrors(fields),
  };
}

function partErrors({ start, end }: OptionFields): { start?: string; end?: string } {
  const [from, to] = [start, end].map((text) => (text.trim() ? readClock(text) : undefined));
  const words = say("form.clock_such_as");
  return {
    ...(from === null ? { start: words } : {}),
    ...(to === null
      ? { end: words }
      : to !== undefined && to <= (from ?? 0)
        ? { end: say("form.must_end_after") }
        : {}),
  };
}

/** What is sent: only what was said. */
export function saidOptions(fields: OptionFields): SongOptions {
  return {
    ...(fields.title.trim() ? { title: fields.title.trim() } : {}),
    ...(fields.bpm.trim() ? { bpm: Number(fields.bpm.replace(",", ".")) } : {}),
    ...(fields.timeSignature.trim() ? { time_signature: fields.timeSignature.trim() } : {}),
    ...(fields.separation === NO_OPTIONS.separation ? {} : { separation: fields.separation }),
    ...(fields.sensitivity === NO_OPTIONS.sensitivity ? {} : { sensitivity: fields.sensitivity }),
    ...(fields.form === NO_OPTIONS.form ? {} : { form: fields.form }),
    ...(fields.start.trim() ? { start_seconds: readClock(fields.start) } : {}),
    ...(fields.end.trim() ? { end_seconds: readClock(fields.end) } : {}),
  };
}
