"use client";

import Link from "next/link";
import { useState } from "react";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { jobAddress } from "@/lib/address";
import { say } from "@/words";
import { usePrintSetList } from "./usePrintSetList";
import { useSaveSetList, type SetList } from "./useSetLists";

const SMALL = "grid size-11 cursor-pointer place-items-center rounded-full text-ink-soft hover:bg-pad-rim hover:text-ink disabled:cursor-default disabled:opacity-30";

/** One set list: its songs in order, moved by buttons, and its PDF. */
export function SetListCard({
  list, songs, onDelete,
}: { list: SetList; songs: readonly JobStatus[]; onDelete: () => void }) {
  const save = useSaveSetList();
  const print = usePrintSetList();
  const [chosen, setChosen] = useState("");
  /** What the list is to be called; null while nobody renames it. */
  const [name, setName] = useState<string | null>(null);
  const titles = new Map(songs.map((job) => [job.job_id, job.title || say("common.untitled")]));
  const others = songs.filter(({ job_id, status }) => status === "completed" && !list.job_ids.includes(job_id));
  const put = (job_ids: string[]) => save.mutate({ ...list, job_ids });
  const move = (index: number, by: 1 | -1) => {
    const next = [...list.job_ids];
    const [song] = next.splice(index, 1);
    if (song) next.splice(index + by, 0, song);
    put(next);
  };
  return (
    <article aria-label={say("sets.label", { name: list.name })} className="rounded-3xl border border-line bg-stand p-5">
      <div className="flex flex-wrap items-center justify-between gap-2">
        {name === null ? (
          <h3 className="min-w-0 text-lg font-semibold break-words">{list.name}</h3>
        ) : (
          <form
            className="flex min-w-0 flex-1 flex-wrap gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim()) save.mutate({ ...list, name: name.trim() }, { onSuccess: () => setName(null) });
            }}
          >
            <input
              autoFocus
              aria-label={say("sets.name")}
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.key === "Escape" && setName(null)}
              className="min-h-11 min-w-0 flex-1 rounded-full border border-line-strong bg-page px-5"
            />
            <Button type="submit" disabled={!name.trim() || save.isPending}>
              {say("common.save")}
            </Button>
          </form>
        )}
        <span className="text-sm text-ink-faint">{say("count.songs", { count: list.job_ids.length })}</span>
      </div>
      <ol className="mt-2">
        {list.job_ids.map((jobId, index) => {
          const title = titles.get(jobId) ?? say("sets.older_song");
          return (
            <li key={jobId} className="flex items-center gap-1 border-t border-line">
              <span className="w-7 text-right text-sm text-ink-faint tabular-nums">{index + 1}.</span>
              <Link href={jobAddress(jobId)} prefetch={false} className="min-w-0 flex-1 truncate px-2 py-2.5 hover:text-bronze">
                {title}
              </Link>
              <button type="button" className={SMALL} disabled={index === 0 || save.isPending} aria-label={say("sets.move_up", { title })} onClick={() => move(index, -1)}>
                ↑
              </button>
              <button type="button" className={SMALL} disabled={index === list.job_ids.length - 1 || save.isPending} aria-label={say("sets.move_down", { title })} onClick={() => move(index, 1)}>
                ↓
              </button>
              <button type="button" className={SMALL} disabled={save.isPending} aria-label={say("sets.take_out", { title, name: list.name })} onClick={() => put(list.job_ids.filter((one) => one !== jobId))}>
                ×
              </button>
            </li>
          );
        })}
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {others.length > 0 ? (
          <select
            aria-label={say("sets.add_to", { name: list.name })}
            className="min-h-11 max-w-full min-w-0 flex-1 basis-40 rounded-full border border-line-strong bg-page px-4"
            value={chosen}
            disabled={save.isPending}
            onChange={(event) => {
              if (event.target.value) put([...list.job_ids, event.target.value]);
              setChosen("");
            }}
          >
            <option value="">{say("sets.add")}</option>
            {others.map((job) => (
              <option key={job.job_id} value={job.job_id}>
                {job.title || say("common.untitled")}
              </option>
            ))}
          </select>
        ) : null}
        <Button look="primary" className="px-4" disabled={list.job_ids.length === 0 || print.isPending} onClick={() => print.mutate(list)}>
          {print.words ?? say("sets.pdf")}
        </Button>
        <Button look="bare" className="px-3 text-sm" aria-label={say("sets.rename_of", { name: list.name })} onClick={() => setName(list.name)}>
          {say("sets.rename")}
        </Button>
        <Button look="bare" className="px-3 text-sm" aria-label={say("sets.delete", { name: list.name })} onClick={onDelete}>
          {say("common.delete")}
        </Button>
      </div>
      {save.error ?? print.error ? (
        <p role="alert" className="mt-2 text-alarm">
          {(save.error ?? print.error)?.message}
        </p>
      ) : null}
    </article>
  );
}
