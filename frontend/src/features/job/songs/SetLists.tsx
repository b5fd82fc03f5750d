"use client";

import { useState } from "react";
import type { JobStatus } from "@/api/client";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { say } from "@/words";
import { SetListCard } from "./SetListCard";
import { useDeleteSetList, useSaveSetList, useSetLists, type SetList } from "./useSetLists";

/** Songs in the order of the evening, and their pages as one PDF. */
export function SetLists({ songs }: { songs: readonly JobStatus[] }) {
  const { data: lists = [] } = useSetLists();
  const save = useSaveSetList();
  const remove = useDeleteSetList();
  const [name, setName] = useState("");
  const [doomed, setDoomed] = useState<SetList | null>(null);
  return (
    <section aria-labelledby="set-lists-title" className="mt-12">
      <h2 id="set-lists-title" className="text-2xl font-semibold">
        {say("sets.title")}
      </h2>
      <p className="mt-1 max-w-prose text-ink-soft">
        {say("sets.help")}
      </p>
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        {lists.map((list) => (
          <SetListCard key={list.id} list={list} songs={songs} onDelete={() => setDoomed(list)} />
        ))}
      </div>
      <form
        className="mt-4 flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate({ name: name.trim(), job_ids: [] }, { onSuccess: () => setName("") });
        }}
      >
        <input
          aria-label={say("sets.new_name")}
          placeholder={say("sets.placeholder")}
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="min-h-11 min-w-0 flex-1 basis-48 rounded-full border border-line-strong bg-page px-5 placeholder:text-ink-faint sm:max-w-80"
        />
        <Button type="submit" disabled={!name.trim() || save.isPending}>
          {say("sets.make")}
        </Button>
        {save.error ?? remove.error ? (
          <p role="alert" className="basis-full text-alarm">
            {(save.error ?? remove.error)?.message}
          </p>
        ) : null}
      </form>
      {doomed ? (
        <ConfirmDialog
          title={say("sets.delete_title", { name: doomed.name })}
          confirmLabel={say("common.delete_it")}
          keepLabel={say("common.keep_it")}
          onClose={() => setDoomed(null)}
          onConfirm={() => {
            remove.mutate(doomed.id);
            setDoomed(null);
          }}
        >
          {say("sets.songs_stay")}
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
