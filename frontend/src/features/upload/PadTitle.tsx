import type { RefObject } from "react";
import { say } from "@/words";
import type { Sifted } from "./many/sift";
import type { OnPad } from "./useOnPad";

/** The title of the view: what the page is for, or what lies on the pad. */
export function PadTitle({
  chosen, headingRef,
}: { chosen: OnPad | null; headingRef: RefObject<HTMLHeadingElement | null> }) {
  if (!chosen) {
    return (
      <div>
        <h1 className="text-4xl leading-[1.05] font-bold hyphens-auto tracking-tight sm:text-6xl">
          {say("start.headline")}
        </h1>
        <p className="mt-4 max-w-prose text-lg text-ink-soft">{say("start.intro")}</p>
      </div>
    );
  }
  return (
    <div>
      <p className="text-ink-soft">
        {chosen.kind === "song" && chosen.song.kind === "link"
          ? say("start.from_link", { site: siteOf(chosen.song.url) })
          : say("start.on_the_pad")}
      </p>
      <h1
        ref={headingRef}
        tabIndex={-1}
        className="text-3xl font-bold tracking-tight break-words outline-none sm:text-4xl"
      >
        {nameOf(chosen)}
      </h1>
    </div>
  );
}

const siteOf = (url: string): string => new URL(url).hostname.replace(/^www\./, "");

function nameOf(chosen: OnPad): string {
  if (chosen.kind === "many") return manyTitle(chosen.sifted);
  return chosen.song.kind === "file" ? chosen.song.file.name : chosen.song.url;
}

function manyTitle({ songs }: Sifted): string {
  const [only] = songs;
  if (songs.length === 1 && only) return only.name;
  return songs.length === 0 ? say("start.no_song") : say("count.songs", { count: songs.length });
}
