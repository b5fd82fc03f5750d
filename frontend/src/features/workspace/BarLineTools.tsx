import { ZoomButtons } from "@/components/ZoomButtons";
import { AllAfter } from "@/features/editor/AllAfter";
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
      <ZoomButtons
        label={say("bars.zoom")}
        onFarther={zoom === 1 ? null : () => onZoom(zoom / 2)}
        onNearer={zoom === MOST_ZOOM ? null : () => onZoom(zoom * 2)}
      />
      {hasHandles ? (
        <>
          <span className="text-ink-soft">{say("bars.drag_help")}</span>
          <AllAfter movesAll={movesAll} onMovesAll={onMovesAll} />
        </>
      ) : (
        <span className="text-ink-soft">{say("bars.zoom_in_help")}</span>
      )}
    </div>
  );
}
