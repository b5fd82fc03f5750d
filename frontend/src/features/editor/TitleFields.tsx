"use client";

import { useId, useState, type FormEvent, type KeyboardEvent } from "react";
import type { JobResult } from "@/api/client";
import { WISHES } from "@/api/generated/wishes";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import type { OptionsChange } from "./session";
import type { Editing } from "./useEditing";

const FIELD = "min-h-11 w-full min-w-0 rounded-xl border border-line-strong bg-page px-3.5 text-ink";

/** Title and artist of a song, changed where they stand. An empty field goes back to what was before any edit. */
export function TitleFields({ result, editing }: { result: JobResult; editing: Editing }) {
  const [isOpen, setOpen] = useState(false);
  const now = { title: result.title, artist: result.settings.artist ?? "", ...said(editing.wish) };
  if (!isOpen) {
    return (
      <Button look="bare" className="-ml-3 px-3 text-sm" onClick={() => setOpen(true)}>
        {say("editor.change_title")}
      </Button>
    );
  }
  return (
    <Fields
      now={now}
      onDone={(change) => {
        if (Object.keys(change).length > 0) editing.change(change);
        setOpen(false);
      }}
    />
  );
}

const said = ({ title, artist }: OptionsChange) => ({ ...(title ? { title } : {}), ...(artist ? { artist } : {}) });

interface Said {
  title: string;
  artist: string;
}

function Fields({ now, onDone }: { now: Said; onDone: (change: OptionsChange) => void }) {
  const id = useId();
  const [typed, setTyped] = useState(now);
  const field = (name: keyof Said, words: string) => (
    <div className="min-w-0 grow basis-52">
      <label htmlFor={`${id}-${name}`} className="mb-1 block text-sm font-semibold">
        {words}
      </label>
      <input
        id={`${id}-${name}`}
        className={FIELD}
        value={typed[name]}
        maxLength={WISHES[name].longest}
        autoFocus={name === "title"}
        onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
      />
    </div>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const change: OptionsChange = {};
    for (const name of ["title", "artist"] as const) {
      const value = typed[name].trim();
      if (value !== now[name].trim()) change[name] = value || null;
    }
    onDone(change);
  };
  return (
    <form
      className="flex flex-wrap items-end gap-x-4 gap-y-3 py-2"
      onSubmit={submit}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape") onDone({});
      }}
    >
      {field("title", say("editor.title"))}
      {field("artist", say("editor.artist"))}
      <div className="flex gap-2">
        <Button type="submit" look="primary">
          {say("common.save")}
        </Button>
        <Button onClick={() => onDone({})}>{say("common.cancel")}</Button>
      </div>
    </form>
  );
}
