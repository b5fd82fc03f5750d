import type { Loop } from "@/music/loop";
import type { ScoreClock } from "@/music/timeMap";

/** The bars from a rehearsal letter of the page to the next one; null where an element is in none. */
export function sectionAt(root: Element, target: Element, clock: ScoreClock): Loop | null {
  const letter = target.closest("g.reh");
  if (!letter) return null;
  const letters = [...root.querySelectorAll("g.reh")];
  const barOf = (one: Element | undefined) => {
    const id = one?.closest("g.measure")?.id;
    return id ? clock.measureOf(id) : undefined;
  };
  const first = barOf(letter);
  if (!first) return null;
  const next = barOf(letters[letters.indexOf(letter) + 1]);
  const endSeconds = next?.start_seconds ?? clock.map.measures.at(-1)?.end_seconds ?? first.end_seconds;
  return { startSeconds: Math.max(0, first.start_seconds), endSeconds };
}
