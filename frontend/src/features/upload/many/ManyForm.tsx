"use client";

import { useId, useState } from "react";
import { WISHES } from "@/api/generated/wishes";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import "@/words/form";
import type { SongOptions } from "../sendSong";
import type { LeftOut } from "./found";
import { totalSize, type Sifted } from "./sift";

const SHOWN_AT_FIRST = 8;
const SELECT = "min-h-11 rounded-xl border border-line-strong bg-page px-3.5 py-2.5 text-ink";

/** Several songs before they are handed in: which they are, what was left out and why. */
export function ManyForm({
  sifted, onSend, onStartOver,
}: {
  sifted: Sifted;
  onSend: (options: SongOptions) => void;
  onStartOver: () => void;
}) {
  const id = useId();
  const [form, setForm] = useState<(typeof WISHES.form.choices)[number]>(WISHES.form.standard);
  const [separation, setSeparation] = useState<(typeof WISHES.separation.choices)[number]>(
    WISHES.separation.standard,
  );
  const { songs, leftOut, litter } = sifted;
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        onSend({
          ...(form === WISHES.form.standard ? {} : { form }),
          ...(separation === WISHES.separation.standard ? {} : { separation }),
        });
      }}
    >
      {songs.length > 0 ? (
        <div>
          <p className="font-semibold">
            {say("count.songs", { count: songs.length })}, {totalSize(songs)}
          </p>
          <ShortList lines={songs.map(({ name }) => ({ name, reason: null }))} />
        </div>
      ) : null}
      <LeftOutList leftOut={leftOut} litter={litter} hasSongs={songs.length > 0} />
      {songs.length > 0 ? (
        <div className="flex flex-wrap gap-x-4 gap-y-3">
          <label className="grid gap-1.5 font-semibold" htmlFor={`${id}-form`}>
            {say("form.pages")}
            <select
              id={`${id}-form`}
              className={`${SELECT} font-normal`}
              value={form}
              onChange={(event) => setForm(event.target.value as typeof form)}
            >
              <option value="full">{say("form.every_bar")}</option>
              <option value="chart">{say("form.charts")}</option>
            </select>
          </label>
          <label className="grid gap-1.5 font-semibold" htmlFor={`${id}-separation`}>
            {say("form.separation")}
            <select
              id={`${id}-separation`}
              className={`${SELECT} font-normal`}
              value={separation}
              onChange={(event) => setSeparation(event.target.value as typeof separation)}
            >
              <option value="auto">{say("form.separation_auto")}</option>
              <option value="always">{say("form.always")}</option>
              <option value="never">{say("form.never")}</option>
            </select>
          </label>
        </div>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {songs.length > 0 ? (
          <Button type="submit" look="primary">
            {say("form.write_several", { count: songs.length })}
          </Button>
        ) : null}
        <Button onClick={onStartOver}>{say("form.take_others")}</Button>
      </div>
    </form>
  );
}

function LeftOutList({
  leftOut, litter, hasSongs,
}: { leftOut: readonly LeftOut[]; litter: number; hasSongs: boolean }) {
  if (leftOut.length === 0 && litter === 0) return null;
  return (
    <div role="status">
      {leftOut.length > 0 ? (
        <>
          <p className="font-semibold text-care">
            {hasSongs ? say("form.left_out", { count: leftOut.length }) : say("form.no_song_here")}
          </p>
          <ShortList lines={leftOut.map(({ path, reason }) => ({ name: path, reason }))} />
        </>
      ) : null}
      {litter > 0 ? (
        <p className="mt-1 text-sm text-ink-faint">
          {say("form.litter", { count: litter })}
        </p>
      ) : null}
    </div>
  );
}

function ShortList({ lines }: { lines: readonly { name: string; reason: string | null }[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? lines : lines.slice(0, SHOWN_AT_FIRST);
  return (
    <>
      <ul className="mt-1 text-ink-soft">
        {shown.map(({ name, reason }, index) => (
          <li key={`${index} ${name}`} className="py-0.5 break-words">
            {name}
            {reason ? <span className="text-sm text-ink-faint">: {reason}</span> : null}
          </li>
        ))}
      </ul>
      {lines.length > shown.length ? (
        <button
          type="button"
          className="min-h-8 cursor-pointer text-sm underline underline-offset-4"
          onClick={() => setIsWhole(true)}
        >
          {say("form.and_more", { count: lines.length - shown.length })}
        </button>
      ) : null}
    </>
  );
}
