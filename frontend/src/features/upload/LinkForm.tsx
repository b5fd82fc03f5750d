"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";

const VIDEO = /(?:youtube(?:-nocookie)?\.com\/(?:watch[?/]|shorts\/|live\/|embed\/|v\/|e\/)|youtu\.be\/)\S+/i;

const SOUND_FILE = /^https:\/\/[^\s/]+\.[^\s/]+\/\S+$/i;

const SUCH_AS = { video: "https://www.youtube.com/watch?v=...", file: "https://example.org/song.mp3" };

/** Takes a link to one video or a sound file; the service has the last word on it. */
export function LinkForm({ takesVideos, onLink }: { takesVideos: boolean; onLink: (url: string) => void }) {
  const id = useId();
  const [url, setUrl] = useState("");
  const [isRefused, setIsRefused] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const said = url.trim();
        if (VIDEO.test(said) && takesVideos) onLink(/^https?:/i.test(said) ? said : `https://${said}`);
        else if (SOUND_FILE.test(said)) onLink(said);
        else setIsRefused(true);
      }}
    >
      <label htmlFor={id} className="mb-1.5 block font-semibold">
        {say(takesVideos ? "start.paste_link" : "start.paste_file_link")}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          value={url}
          inputMode="url"
          autoComplete="off"
          placeholder={takesVideos ? SUCH_AS.video : SUCH_AS.file}
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
          {say(takesVideos ? "start.no_link" : "start.no_file_link")}
        </p>
      ) : null}
    </form>
  );
}
