import { Button } from "@/components/ui/Button";
import { say } from "@/words";

/** So many times nearer at most: a song of an hour still shows bars. */
const MOST_ZOOM = 128;

interface BarLineToolsProps {
  zoom: number;
  onZoom: (zoom: number) => void;
  hasHandles: boolean;
  movesAll: boolean;
  onMovesAll: (movesAll: boolean) => void;
}

/** What belongs to moving bar lines on the sound: how near one sees it, and how many lines move. */
export function BarLineTools({ zoom, onZoom, hasHandles, movesAll, onMovesAll }: BarLineToolsProps) {
  return (
    <div role="group" aria-label={say("bars.on_the_sound")} className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <div role="group" aria-label={say("bars.zoom")} className="flex gap-1">
        <Button className="min-w-11 px-3" aria-label={say("editor.farther")} disabled={zoom === 1} onClick={() => onZoom(zoom / 2)}>
          −
        </Button>
        <Button className="min-w-11 px-3" aria-label={say("editor.nearer")} disabled={zoom === MOST_ZOOM} onClick={() => onZoom(zoom * 2)}>
          +
        </Button>
      </div>
      {hasHandles ? (
        <>
          <span className="text-ink-soft">{say("bars.drag_help")}</span>
          <label className="flex min-h-11 items-center gap-2">
            <input
              type="checkbox"
              className="h-5 w-5 accent-(--bronze)"
              checked={movesAll}
              onChange={(event) => onMovesAll(event.target.checked)}
            />
            {say("bars.and_all_after")}
          </label>
        </>
      ) : (
        <span className="text-ink-soft">{say("bars.zoom_in_help")}</span>
      )}
    </div>
  );
}
