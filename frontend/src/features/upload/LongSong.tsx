import { Notice } from "@/components/ui/Notice";
import { clockTime, durationWords } from "@/lib/format";
import { say } from "@/words";
import "@/words/form";

/** Says that only a part of the song is heard at once. mostSeconds: how long it may be. */
export function LongSong({ seconds, mostSeconds }: { seconds: number; mostSeconds: number }) {
  return (
    <Notice kind="care" title={say("file.choose_part")}>
      {say("file.part_of_it", { length: clockTime(seconds), most: durationWords(mostSeconds) })}
    </Notice>
  );
}
