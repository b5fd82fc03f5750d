import { fileSize } from "@/lib/format";
import { say } from "@/words";
import type { OnPad } from "./useOnPad";

/** What stands on the pad itself. fraction: what has been sent of the song, 0..1; null before. */
export function PadWords({ chosen, fraction }: { chosen: OnPad | null; fraction: number | null }) {
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
  if (chosen) {
    return (
      <>
        <span className="font-display text-2xl font-semibold">{sizeOf(chosen)}</span>
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

function sizeOf(chosen: OnPad): string {
  if (chosen.kind === "many") return String(chosen.sifted.songs.length);
  return chosen.song.kind === "file" ? fileSize(chosen.song.file.size) : say("start.link_word");
}
