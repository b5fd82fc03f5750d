"use client";

import type { Hit } from "@/api/client";
import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import type { BeatUnit } from "@/music/metre";
import { beatAt, type BeatGrid } from "@/music/beatGrid";
import type { Playback } from "@/music/playback";
import { INSTRUMENT_NAMES } from "@/music/instruments";
import { DrumGrid } from "./DrumGrid";
import { articulationsOf, LANES } from "@/music/strokes";
import { selected, type EditAction } from "./edits";
import { DIVISIONS, divisionWords, type Division } from "@/music/snap";
import type { Editing } from "./useEditing";
import { ARTICULATION_NAMES } from "./words";

interface EditorPanelProps {
  editing: Editing;
  grid: BeatGrid;
  unit: BeatUnit;
  engine: Playback;
  firstBar: number;
  isPlaying: boolean;
  shown: Hit | null;
}

const ZOOMS = [24, 36, 54, 80, 120, 180];
const control = "min-h-10 rounded-lg border border-line-strong bg-page px-2 text-sm";

/** The drum grid with its tools. */
export function EditorPanel({
  editing, grid, unit, engine, firstBar, isPlaying, shown,
}: EditorPanelProps) {
  const { edit, dispatch } = editing;
  const [division, setDivision] = useState<Division>(4);
  const [zoom, setZoom] = useState(2);
  const nearer = (by: 1 | -1) =>
    setZoom((now) => Math.min(ZOOMS.length - 1, Math.max(0, now + by)));
  usePanelKeys(dispatch, nearer);
  const chosen = selected(edit);
  const one = chosen[0];
  const isSame = one && chosen.every((hit) => hit.instrument === one.instrument);
  return (
    <section aria-label="Editor" className="grid gap-3 print:hidden">
      <div role="toolbar" aria-label="Editing" className="flex flex-wrap items-center gap-2">
        <Button className="px-4" disabled={edit.past.length === 0} onClick={() => dispatch({ kind: "undo" })}>
          Undo
        </Button>
        <Button className="px-4" disabled={edit.future.length === 0} onClick={() => dispatch({ kind: "redo" })}>
          Redo
        </Button>
        <label className="flex items-center gap-2 text-sm">
          Grid
          <select
            className={control}
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
        <div role="group" aria-label="Zoom" className="flex gap-1">
          <Button className="min-w-11 px-3" aria-label="Farther" disabled={zoom === 0} onClick={() => nearer(-1)}>
            −
          </Button>
          <Button className="min-w-11 px-3" aria-label="Nearer" disabled={zoom === ZOOMS.length - 1} onClick={() => nearer(1)}>
            +
          </Button>
        </div>
      </div>

      <DrumGrid
        state={edit}
        dispatch={dispatch}
        grid={grid}
        engine={engine}
        division={division}
        pixelsPerBeat={ZOOMS[zoom] ?? 54}
        firstBar={firstBar}
        shownBeat={shown ? beatAt(grid, shown.time) : null}
        isPlaying={isPlaying}
      />

      <div className="flex min-h-11 flex-wrap items-center gap-3 text-sm" data-testid="selection">
        {one ? (
          <>
            <span className="font-semibold">
              {chosen.length === 1 ? "1 note" : `${chosen.length} notes`}
            </span>
            <label className="flex items-center gap-2">
              Drum
              <select
                className={control}
                value={isSame ? one.instrument : ""}
                onChange={(event) => {
                  const instrument = LANES.find((lane) => lane === event.target.value);
                  if (instrument) dispatch({ kind: "set", change: { instrument } });
                }}
              >
                {isSame ? null : <option value="">several</option>}
                {LANES.map((instrument) => (
                  <option key={instrument} value={instrument}>
                    {INSTRUMENT_NAMES[instrument]}
                  </option>
                ))}
              </select>
            </label>
            {isSame ? (
              <label className="flex items-center gap-2">
                Kind
                <select
                  className={control}
                  value={one.articulation ?? ""}
                  onChange={(event) => {
                    const articulation =
                      articulationsOf(one.instrument).find((kind) => kind === event.target.value) ?? null;
                    dispatch({ kind: "set", change: { articulation } });
                  }}
                >
                  {articulationsOf(one.instrument).map((kind) => (
                    <option key={kind ?? ""} value={kind ?? ""}>
                      {kind ? ARTICULATION_NAMES[kind] : "plain"}
                    </option>
                  ))}
                </select>
              </label>
            ) : null}
            <label className="flex items-center gap-2">
              Loudness
              <input
                key={chosen.map((hit) => hit.id).join()}
                type="range"
                min={5}
                max={100}
                defaultValue={Math.round(one.velocity * 100)}
                className="w-32 accent-(--bronze)"
                onPointerUp={(event) =>
                  dispatch({ kind: "set", change: { velocity: Number(event.currentTarget.value) / 100 } })
                }
                onKeyUp={(event) =>
                  dispatch({ kind: "set", change: { velocity: Number(event.currentTarget.value) / 100 } })
                }
              />
            </label>
            <Button className="px-4" onClick={() => dispatch({ kind: "remove" })}>
              Remove
            </Button>
            {chosen.length === 1 && one.confidence < 1 ? (
              <span className="text-ink-soft">
                The machine is {Math.round(one.confidence * 100)} % sure.{" "}
                <button
                  type="button"
                  className="cursor-pointer underline"
                  onClick={() => dispatch({ kind: "set", change: {} })}
                >
                  It is right
                </button>
              </span>
            ) : null}
          </>
        ) : (
          <span className="text-ink-soft">
            Click a note to change it, drag over several; click twice in an empty place to add one.
          </span>
        )}
      </div>
      <p aria-live="polite" className="sr-only">
        {edit.said}
      </p>
    </section>
  );
}

/** Undo, redo and zoom work wherever the focus is, but where somebody types. */
function usePanelKeys(dispatch: (action: EditAction) => void, nearer: (by: 1 | -1) => void) {
  const latest = useRef({ dispatch, nearer });
  useEffect(() => {
    latest.current = { dispatch, nearer };
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      if ((event.target as Element).closest("input:not([type=range]), select, textarea, dialog")) return;
      const key = event.key.toLowerCase();
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && (key === "z" || key === "y")) {
        const isRedo = key === "y" || event.shiftKey;
        latest.current.dispatch({ kind: isRedo ? "redo" : "undo" });
      } else if (!isCommand && (key === "+" || key === "=" || key === "-")) {
        latest.current.nearer(key === "-" ? -1 : 1);
      } else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
}
