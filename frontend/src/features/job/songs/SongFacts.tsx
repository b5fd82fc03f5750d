"use client";

import { useId, useState } from "react";
import { WISHES } from "@/api/generated/wishes";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import "@/words/form";
import { readTags } from "./findSongs";
import { useSaveSetList, useSetLists } from "./useSetLists";
import { useSayAboutSong } from "./useSong";

const FIELD = "min-h-11 w-full rounded-xl border border-line-strong bg-page px-3.5 text-ink";

/** Title, tags and set lists of one song, under its line. */
export function SongFacts({ job, onDone }: { job: JobStatus; onDone: () => void }) {
  const id = useId();
  const [title, setTitle] = useState(job.title);
  const [tags, setTags] = useState(job.tags.join(", "));
  const save = useSayAboutSong();
  // The title stands on a page; without one there is nothing to write it on.
  const canRename = job.status === "completed";
  return (
    <form
      className="relative grid gap-x-4 gap-y-3 bg-page px-5 py-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        const said = title.trim();
        save.mutate(
          { jobId: job.job_id, title: canRename && said && said !== job.title ? said : undefined, tags: readTags(tags) },
          { onSuccess: onDone },
        );
      }}
    >
      <div>
        <label htmlFor={`${id}-title`} className="mb-1 block font-semibold">
          {say("form.title")}
        </label>
        <input
          id={`${id}-title`}
          className={FIELD}
          value={title}
          maxLength={WISHES.title.longest}
          disabled={!canRename}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div>
        <label htmlFor={`${id}-tags`} className="mb-1 block font-semibold">
          {say("form.tags")} <span className="font-normal text-ink-faint">{say("form.with_commas")}</span>
        </label>
        <input
          id={`${id}-tags`}
          className={FIELD}
          value={tags}
          placeholder={say("form.tags_placeholder")}
          onChange={(event) => setTags(event.target.value)}
        />
      </div>
      <SongSetLists job={job} />
      <div className="flex flex-wrap items-center gap-2 sm:col-span-2">
        <Button type="submit" look="primary" disabled={save.isPending}>
          {save.isPending ? say("common.saving") : say("common.save")}
        </Button>
        <Button onClick={onDone}>{say("common.close")}</Button>
        {save.error ? (
          <p role="alert" className="text-alarm">
            {save.error.message}
          </p>
        ) : null}
      </div>
    </form>
  );
}

/** In which set lists the song is; a press puts it at the end of one, or takes it out. */
function SongSetLists({ job }: { job: JobStatus }) {
  const { data: lists = [] } = useSetLists();
  const save = useSaveSetList();
  if (lists.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap gap-x-5 gap-y-1 sm:col-span-2">
      <legend className="mb-1 font-semibold">{say("sets.title")}</legend>
      {lists.map((list) => {
        const isIn = list.job_ids.includes(job.job_id);
        return (
          <label key={list.id} className="flex min-h-11 items-center gap-2">
            <input
              type="checkbox"
              className="size-5 accent-bronze"
              checked={isIn}
              disabled={save.isPending}
              onChange={() =>
                save.mutate({
                  ...list,
                  job_ids: isIn
                    ? list.job_ids.filter((one) => one !== job.job_id)
                    : [...list.job_ids, job.job_id],
                })
              }
            />
            {list.name}
          </label>
        );
      })}
      {save.error ? (
        <p role="alert" className="basis-full text-alarm">
          {save.error.message}
        </p>
      ) : null}
    </fieldset>
  );
}
