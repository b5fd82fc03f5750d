import { useEffect, useRef, type RefObject } from "react";
import type { Hit } from "@/api/client";
import type { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import { drumKeyOf } from "./keyHeads";

/** What each head of the page means. room: what the page is drawn in; svg: its drawing, from these hits. */
export function DrumKey({ room, svg, clock, hits }: {
  room: RefObject<HTMLElement | null>; svg: string; clock: ScoreClock; hits: readonly Hit[];
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!room.current) return;
    const entries = drumKeyOf(room.current, clock, hits).map(({ name, picture }) => {
      const item = document.createElement("li");
      item.className = "drum-key-entry";
      item.append(picture, name);
      return item;
    });
    list.current?.replaceChildren(...entries);
  }, [room, svg, clock, hits]);
  return <ul ref={list} aria-label={say("settings.drum_key")} className="drum-key" />;
}
