import { useState } from "react";
import type { Hit } from "@/api/client";
import type { Editing } from "@/features/editor/useEditing";
import { nextDoubtful } from "@/music/review";
import type { Playback } from "@/music/playback";
import { idOnPage, strokeOfPage } from "./chosen";

interface ChosenFrom {
  hits: readonly Hit[];
  /** Ids of those to check. */
  doubtful: ReadonlySet<number>;
  /** Those that the page was drawn from; undefined while there is none. */
  drawn: readonly Hit[] | undefined;
  dispatch: Editing["dispatch"];
  engine: Playback | null;
}

/** The stroke that page, grid and player are all at: chosen on the page, or the doubtful one in turn. */
export function useChosen({ hits, doubtful, drawn, dispatch, engine }: ChosenFrom) {
  const [shown, setShown] = useState<Hit | null>(null);
  const choose = (stroke: Hit) => {
    dispatch({ kind: "select", keys: [stroke.id], mode: "only" });
    setShown(stroke);
  };
  return {
    shown,
    /** Shows a stroke, be it a note or an offer. */
    show: choose,
    /** Its id on the page, while the page has it. */
    marked: idOnPage(shown, drawn),
    goToDoubtful: (direction: 1 | -1) => {
      const next = nextDoubtful(hits, doubtful, shown?.time ?? engine?.position() ?? 0, direction);
      if (!next) return setShown(null);
      choose(next);
      engine?.seek(next.time);
    },
    /** A bar or (with the id of its hit) a note of the page. */
    goToPlace: (seconds: number, hit: number | null) => {
      engine?.seek(seconds);
      const stroke = strokeOfPage(hit, hits);
      if (stroke) choose(stroke);
    },
  };
}
