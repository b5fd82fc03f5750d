import { useState } from "react";
import type { Hit } from "@/api/client";
import type { Editing } from "@/features/editor/useEditing";
import { nextDoubtful } from "@/music/doubt";
import type { Playback } from "@/music/playback";
import type { EditHit } from "@/music/strokes";
import { placeOnPage, strokeOfPage } from "./chosen";

interface ChosenFrom {
  hits: readonly EditHit[];
  /** Those that the page was drawn from; undefined while there is none. */
  drawn: readonly Hit[] | undefined;
  dispatch: Editing["dispatch"];
  engine: Playback | null;
}

/** The stroke that page, grid and player are all at: chosen on the page, or the doubtful one in turn. */
export function useChosen({ hits, drawn, dispatch, engine }: ChosenFrom) {
  const [shown, setShown] = useState<EditHit | null>(null);
  const choose = (stroke: EditHit) => {
    dispatch({ kind: "select", keys: [stroke.key], mode: "only" });
    setShown(stroke);
  };
  return {
    shown,
    /** Its place on the page, while that is still the page of these strokes. */
    marked: placeOnPage(shown, drawn),
    goToDoubtful: (direction: 1 | -1) => {
      const next = nextDoubtful(hits, shown?.time ?? engine?.position() ?? 0, direction);
      if (!next) return setShown(null);
      choose(next);
      engine?.seek(next.time);
    },
    /** A bar or (with the index of its hit) a note of the page. */
    goToPlace: (seconds: number, hit: number | null) => {
      engine?.seek(seconds);
      const stroke = hit === null ? null : strokeOfPage(drawn?.[hit], hits);
      if (stroke) choose(stroke);
    },
  };
}
