"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";

const VIDEO = /(?:youtube(?:-nocookie)?\.com\/(?:watch[?/]|shorts\/|live\/|embed\/|v\/|e\/)|youtu\.be\/)\S+/i;

const SUCH_AS = "https://www.youtube.com/watch?v=...";

/** Takes a link to one video; the service has the last word on it. */
export function LinkForm({ onLink }: { onLink: (url: string) => void }) {
  const id = useId();
  const [url, setUrl] = useState("");
  const [isRefused, setIsRefused] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const said = url.trim();
        if (VIDEO.test(said)) onLink(/^https?:/i.test(said) ? said : `https://${said}`);
        else setIsRefused(true);
      }}
    >
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {say("start.paste_link")}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          value={url}
          inputMode="url"
          autoComplete="off"
          placeholder={SUCH_AS}
          aria-invalid={isRefused}
          aria-describedby={isRefused ? `${id}-error` : undefined}
          onChange={(event) => {
            setUrl(event.target.value);
            setIsRefused(false);
          }}
          className="min-w-0 flex-1 rounded-full border border-line-strong bg-page px-5 py-2.5 placeholder:text-ink-faint"
        />
        <Button type="submit" disabled={!url.trim()}>
          {say("start.use_link")}
        </Button>
      </div>
      {isRefused ? (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-alarm">
          {say("start.no_video")}
        </p>
      ) : null}
    </form>
  );
}
