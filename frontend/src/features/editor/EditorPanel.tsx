"use client";

import type { Hit } from "@/api/client";
import { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { ZoomButtons } from "@/components/ZoomButtons";
import { isForKeys } from "@/lib/isForKeys";
import { lanesOf, OWN_ROWS, type OwnRow } from "@/music/lanes";
import type { BeatUnit } from "@/music/metre";
import { beatAt, type BeatGrid } from "@/music/beatGrid";
import type { Playback } from "@/music/playback";
import { DrumGrid } from "./DrumGrid";
import { selected } from "./edits";
import { DIVISIONS, divisionWords, type Division } from "@/music/snap";
import { say } from "@/words";
import { CONTROL } from "./control";
import { SelectionTools } from "./SelectionTools";
import { UndoButtons } from "./UndoButtons";
import type { Editing } from "./useEditing";

interface EditorPanelProps {
  editing: Editing;
  grid: BeatGrid;
  unit: BeatUnit;
  engine: Playback;
  firstBar: number;
  isPlaying: boolean;
  doubtful: ReadonlySet<number>;
  offers: readonly Hit[];
  shown: Hit | null;
  /** Another place of the song is worked on. */
  onPlace: (seconds: number) => void;
  /** The menu of the bar at a place is asked for. */
  onBarMenu: (seconds: number) => void;
  onClose: () => void;
}

const ZOOMS = [24, 36, 54, 80, 120, 180];

/** The drum grid with its tools. */
export function EditorPanel({
  editing, grid, unit, engine, firstBar, isPlaying, doubtful, offers, shown, onPlace, onBarMenu, onClose,
}: EditorPanelProps) {
  const { edit, dispatch } = editing;
  const [division, setDivision] = useState<Division>(4);
  const [zoom, setZoom] = useState(2);
  const [asked, setAsked] = useState<ReadonlySet<OwnRow>>(new Set());
  const lanes = useMemo(() => lanesOf([...edit.hits, ...offers], asked), [edit.hits, offers, asked]);
  const missing = OWN_ROWS.filter((row) => !lanes.some(({ own }) => own === row));
  const nearer = (by: 1 | -1) =>
    setZoom((now) => Math.min(ZOOMS.length - 1, Math.max(0, now + by)));
  useZoomKeys(nearer);
  const chosen = selected(edit);
  return (
    <section aria-label={say("editor.panel")} className="editor-dock grid grid-cols-1 gap-2 print:hidden">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {/* On a phone one line each, which goes on sideways: what is chosen must not move the grid under a thumb. */}
        <div
          role="toolbar"
          aria-label={say("editor.editing")}
          className="flex flex-wrap items-center gap-2 max-sm:min-w-0 max-sm:flex-1 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:*:shrink-0"
        >
          <UndoButtons editing={editing} />
          <label>
            <span className="sr-only">{say("editor.grid")}</span>
            <select
              className={`${CONTROL} field-sizing-content`}
              value={division}
              onChange={(event) => setDivision(Number(event.target.value) as Division)}
            >
              {DIVISIONS.map((value) => (
                <option key={value} value={value}>
                  {divisionWords(value, unit)}
                </option>
              ))}
            </select>
          </label>
          {missing.length > 0 ? (
            <select
              aria-label={say("editor.row")}
              className={`${CONTROL} field-sizing-content`}
              value=""
              onChange={(event) => {
                const row = missing.find((one) => one === event.target.value);
                if (row) setAsked(new Set([...asked, row]));
              }}
            >
              <option value="">{say("editor.row_sign")}</option>
              {missing.map((row) => (
                <option key={row} value={row}>
                  {say(`music.row.${row}`)}
                </option>
              ))}
            </select>
          ) : null}
          <ZoomButtons
            label={say("editor.zoom")}
            onFarther={zoom === 0 ? null : () => nearer(-1)}
            onNearer={zoom === ZOOMS.length - 1 ? null : () => nearer(1)}
          />
        </div>
        <div
          className="flex min-h-11 flex-wrap items-center gap-x-2.5 gap-y-1 text-sm max-sm:order-2 max-sm:h-12 max-sm:w-full max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:*:shrink-0"
          data-testid="selection"
        >
          <SelectionTools chosen={chosen} dispatch={dispatch} />
        </div>
        <Button
          look="bare"
          className="ml-auto min-w-11 px-2 max-sm:order-1"
          aria-label={say("editor.close")}
          title={say("editor.close")}
          onClick={onClose}
        >
          <span aria-hidden="true" className="text-xl leading-none">×</span>
        </Button>
      </div>
      <DrumGrid
        state={edit}
        dispatch={dispatch}
        grid={grid}
        lanes={lanes}
        engine={engine}
        division={division}
        doubtful={doubtful}
        offers={offers}
        pixelsPerBeat={ZOOMS[zoom] ?? 54}
        firstBar={firstBar}
        shownBeat={shown ? beatAt(grid, shown.time) : null}
        isPlaying={isPlaying}
        onPlace={onPlace}
        onBarMenu={onBarMenu}
      />
    </section>
  );
}

/** Zooms wherever the focus is, but where somebody types. */
function useZoomKeys(nearer: (by: 1 | -1) => void) {
  const latest = useRef(nearer);
  useEffect(() => {
    latest.current = nearer;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
      if (isForKeys(event.target)) return;
      if (!["+", "=", "-"].includes(event.key)) return;
      latest.current(event.key === "-" ? -1 : 1);
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
