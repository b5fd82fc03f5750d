import { say } from "@/words";

/** So many beats, to the half, in words: "half a beat", "2½ beats". */
export function beatWords(beats: number): string {
  if (beats === 0.5) return say("bars.half_a_beat");
  if (beats === 1) return say("bars.a_beat");
  return say("bars.beats", { beats: `${Math.floor(beats) || ""}${beats % 1 === 0 ? "" : "½"}` });
}
