"use client";

import { useId, type ReactNode } from "react";
import { WISHES } from "@/api/generated/wishes";
import { USUAL_METRES } from "@/music/metre";
import { say } from "@/words";
import { optionErrors, type OptionFields } from "./optionFields";
import type { Song } from "./sendSong";
import { TapAlong } from "./TapAlong";

const FIELD =
  "w-full rounded-xl border border-line-strong bg-page px-3.5 py-2.5 text-ink placeholder:text-ink-faint";

export function SongOptionsFields({
  song,
  fields,
  onChange,
}: {
  song: Song;
  fields: OptionFields;
  onChange: (fields: OptionFields) => void;
}) {
  const errors = optionErrors(fields);
  const set = <Name extends keyof OptionFields>(name: Name, value: OptionFields[Name]) =>
    onChange({ ...fields, [name]: value });
  return (
    <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
      <Field label={say("form.title")} hint={say("form.title_hint")} className="sm:col-span-2">
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.title}
            maxLength={WISHES.title.longest}
            placeholder={say("form.title_placeholder")}
            onChange={(event) => set("title", event.target.value)}
          />
        )}
      </Field>
      <Field label={say("music.tempo")} hint={say("form.tempo_hint")} error={errors.bpm}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.bpm}
            inputMode="decimal"
            placeholder={say("form.find_out")}
            onChange={(event) => set("bpm", event.target.value)}
          />
        )}
      </Field>
      <Field label={say("music.metre")} hint={say("form.metre_hint")} error={errors.timeSignature}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.timeSignature}
            list="metres"
            placeholder={say("form.find_out")}
            onChange={(event) => set("timeSignature", event.target.value)}
          />
        )}
      </Field>
      <TapAlong song={song} metre={fields.timeSignature} onTempo={(bpm) => set("bpm", String(bpm))} />
      <datalist id="metres">
        {USUAL_METRES.map((metre) => (
          <option key={metre} value={metre} />
        ))}
      </datalist>
      <Field label={say("form.only_from")} hint={say("form.only_from_hint")} error={errors.start}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.start}
            placeholder={say("form.the_beginning")}
            onChange={(event) => set("start", event.target.value)}
          />
        )}
      </Field>
      <Field label={say("form.up_to")} hint={say("form.up_to_hint")} error={errors.end}>
        {(ids) => (
          <input
            {...ids}
            className={FIELD}
            value={fields.end}
            placeholder={say("form.the_end")}
            onChange={(event) => set("end", event.target.value)}
          />
        )}
      </Field>
      <Field
        label={say("start.page")}
        hint={say("form.page_hint")}
        className="sm:col-span-2"
      >
        {(ids) => (
          <select
            {...ids}
            className={FIELD}
            value={fields.form}
            onChange={(event) => set("form", event.target.value as OptionFields["form"])}
          >
            <option value="full">{say("form.every_bar")}</option>
            <option value="chart">{say("form.a_chart")}</option>
          </select>
        )}
      </Field>
      <Field label={say("form.separation")} hint={say("form.separation_hint")}>
        {(ids) => (
          <select
            {...ids}
            className={FIELD}
            value={fields.separation}
            onChange={(event) =>
              set("separation", event.target.value as OptionFields["separation"])
            }
          >
            <option value="auto">{say("form.separation_auto")}</option>
            <option value="always">{say("form.always")}</option>
            <option value="never">{say("form.never")}</option>
          </select>
        )}
      </Field>
      <Field label={say("form.doubtful")} hint={say("form.doubtful_hint")}>
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
              <span>{say("form.leave_out")}</span>
              <span>{say("form.write_down")}</span>
            </span>
          </span>
        )}
      </Field>
    </div>
  );
}

function sensitivityWords(value: number): string {
  if (value < 0.4) return say("form.leave_doubtful_out");
  if (value > 0.6) return say("form.write_doubtful_down");
  return say("form.balanced");
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
