"use client";

import { useId, type ReactNode } from "react";
import { WISHES } from "@/api/generated/wishes";
import { readClock } from "@/lib/format";
import { isMetre, USUAL_METRES } from "@/music/metre";
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
      ? { bpm: `A number from ${least} to ${most}, please.` }
      : {}),
    ...(fields.timeSignature.trim() && !isMetre(fields.timeSignature.trim())
      ? { timeSignature: "Such as 4/4, 6/8 or 7/8." }
      : {}),
    ...partErrors(fields),
  };
}

function partErrors({ start, end }: OptionFields): { start?: string; end?: string } {
  const [from, to] = [start, end].map((text) => (text.trim() ? readClock(text) : undefined));
  const words = "Minutes and seconds, such as 1:30.";
  return {
    ...(from === null ? { start: words } : {}),
    ...(to === null
      ? { end: words }
      : to !== undefined && to <= (from ?? 0)
        ? { end: "It must end after it begins." }
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

const FIELD =
  "w-full rounded-xl border border-line-strong bg-page px-3.5 py-2.5 text-ink placeholder:text-ink-faint";

export function SongOptionsFields({
  fields,
  onChange,
}: {
  fields: OptionFields;
  onChange: (fields: OptionFields) => void;
}) {
  const errors = optionErrors(fields);
  const set = <Name extends keyof OptionFields>(name: Name, value: OptionFields[Name]) =>
    onChange({ ...fields, [name]: value });
  return (
    <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
      <Field label="Title" hint="Stands on the page." className="sm:col-span-2">
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.title}
            maxLength={WISHES.title.longest}
            placeholder="As the file is called"
            onChange={(event) => set("title", event.target.value)}
          />
        )}
      </Field>
      <Field label="Tempo" hint="Quarter notes per minute." error={errors.bpm}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.bpm}
            inputMode="decimal"
            placeholder="Find it out"
            onChange={(event) => set("bpm", event.target.value)}
          />
        )}
      </Field>
      <Field label="Metre" hint="How you would count it." error={errors.timeSignature}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.timeSignature}
            list="metres"
            placeholder="Find it out"
            onChange={(event) => set("timeSignature", event.target.value)}
          />
        )}
      </Field>
      <datalist id="metres">
        {USUAL_METRES.map((metre) => (
          <option key={metre} value={metre} />
        ))}
      </datalist>
      <Field label="Only from" hint="Where the part to hear begins." error={errors.start}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.start}
            placeholder="The beginning"
            onChange={(event) => set("start", event.target.value)}
          />
        )}
      </Field>
      <Field label="Up to" hint="And where it ends." error={errors.end}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.end}
            placeholder="The end"
            onChange={(event) => set("end", event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Page"
        hint="A chart has each groove once, then slashes and repeats; fills are written out."
        className="sm:col-span-2"
      >
        {(ids) => (
          <select
            {...ids}
            className={FIELD}
            value={fields.form}
            onChange={(event) => set("form", event.target.value as OptionFields["form"])}
          >
            <option value="full">Every bar</option>
            <option value="chart">A chart for the stand</option>
          </select>
        )}
      </Field>
      <Field label="Take the drums out of the mix first" hint="Slower; helps when the band is dense.">
        {(ids) => (
          <select
            {...ids}
            className={FIELD}
            value={fields.separation}
            onChange={(event) =>
              set("separation", event.target.value as OptionFields["separation"])
            }
          >
            <option value="auto">When it can and helps</option>
            <option value="always">Always</option>
            <option value="never">Never: these are drums alone</option>
          </select>
        )}
      </Field>
      <Field label="Doubtful notes" hint="Ghost notes need more; phantom notes, less.">
        {(ids) => (
          <span className="block">
            <input
              {...ids}
              type="range"
              min={WISHES.sensitivity.least}
              max={WISHES.sensitivity.most}
              step={0.05}
              value={fields.sensitivity}
              aria-valuetext={sensitivityWords(fields.sensitivity)}
              onChange={(event) => set("sensitivity", Number(event.target.value))}
              className="h-6 w-full accent-bronze"
            />
            <span className="flex justify-between text-sm text-ink-faint" aria-hidden="true">
              <span>leave out</span>
              <span>write down</span>
            </span>
          </span>
        )}
      </Field>
    </div>
  );
}

function sensitivityWords(value: number): string {
  if (value < 0.4) return "Leave doubtful notes out";
  if (value > 0.6) return "Write doubtful notes down";
  return "Balanced";
}

function Field({
  label,
  hint,
  error,
  className = "",
  children,
}: {
  label: string;
  hint: string;
  error?: string | undefined;
  className?: string;
  children: (ids: {
    id: string;
    "aria-describedby": string;
    "aria-invalid": boolean;
  }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {label}
      </label>
      {children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": error !== undefined })}
      <p id={`${id}-hint`} className={`mt-1 text-sm ${error ? "text-alarm" : "text-ink-faint"}`}>
        {error ?? hint}
      </p>
    </div>
  );
}
