import { fileSize } from "@/lib/format";
import { say } from "@/words";
import type { Song } from "./sendSong";

/** What is on the pad now, as the title of the view. */
export function ChosenSong({
  over, title, headingRef,
}: {
  over: string;
  title: string;
  headingRef: React.RefObject<HTMLHeadingElement | null>;
}) {
  return (
    <div>
      <p className="text-ink-soft">{over}</p>
      <h1
        ref={headingRef}
        tabIndex={-1}
        className="text-3xl font-bold tracking-tight break-words outline-none sm:text-4xl"
      >
        {title}
      </h1>
    </div>
  );
}

/** What stands on the pad itself. fraction: what has been sent of the song, 0..1; null before. */
export function PadWords({
  song, many, fraction,
}: { song: Song | null; many: number | null; fraction: number | null }) {
  if (fraction !== null) {
    return (
      <>
        <span className="font-display text-5xl font-semibold tabular-nums">
          {Math.round(fraction * 100)} %
        </span>
        <span className="text-white/85">{fraction < 1 ? say("start.on_its_way") : say("start.arrived")}</span>
      </>
    );
  }
  if (song || many !== null) {
    const words = song ? (song.kind === "file" ? fileSize(song.file.size) : say("start.link_word")) : String(many);
    return (
      <>
        <span className="font-display text-2xl font-semibold">{words}</span>
        <span className="text-white/85">{say("start.press_for_others")}</span>
      </>
    );
  }
  return (
    <>
      <span className="font-display text-3xl leading-tight font-semibold">{say("start.drop_here")}</span>
      <span className="text-white/85">{say("start.drop_what")}</span>
    </>
  );
}
