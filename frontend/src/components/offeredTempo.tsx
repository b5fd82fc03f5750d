import type { ReactNode } from "react";
import { WISHES } from "@/api/generated/wishes";
import { say } from "@/words";

/**
 * What a tempo that was tapped can be used for, or that no such tempo can be asked for.
 *
 * beatQuarters: how long a beat is. One taps what one counts: dotted quarters in 6/8, half notes in 2/2, and
 * quarters among eighths.
 */
export function offeredTempo(tapsPerMinute: number, beatQuarters: number, offer: (bpm: number) => ReactNode): ReactNode {
  const bpm = Math.round(Math.max(1, beatQuarters) * tapsPerMinute);
  const { least, most } = WISHES.bpm;
  return bpm < least || bpm > most ? say("tap.out_of_range", { bpm, least, most }) : offer(bpm);
}
