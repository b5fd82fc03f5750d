"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { fetchScoreSvg, fetchTimeMap } from "@/features/score/fetchPage";
import { ScoreView } from "@/features/score/ScoreView";
import { useMedia } from "@/lib/useMedia";
import { ScoreClock } from "@/music/timeMap";
import { say } from "@/words";
import "@/words/workspace";
import { NARROW } from "./useDrawnPage";

const TITLE = "Funk Rock";
const SOUND = "/example/funk-rock.flac";
const NONE: ReadonlySet<number> = new Set();

/**
 * The finished example, to be heard and followed at once: drawn when the page was built.
 *
 * Its sound is a plain audio element: nothing is fetched before somebody wants to hear it.
 */
export function ExamplePage() {
  const isNarrow = useMedia(NARROW);
  const page = useQuery({
    queryKey: ["example", isNarrow],
    queryFn: async ({ signal }) => {
      const [svg, map] = await Promise.all([
        fetchScoreSvg(`/example/${isNarrow ? "narrow" : "wide"}.svg`, signal),
        fetchTimeMap("/example/timemap.json", signal),
      ]);
      return { svg, isNarrow, clock: new ScoreClock(map) };
    },
    staleTime: Infinity,
  });
  const sound = useRef<HTMLAudioElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const position = useCallback(() => sound.current?.currentTime ?? 0, []);
  const play = () => void sound.current?.play().catch(() => undefined);

  if (page.error) return <p className="text-ink-soft">{say("example.missing")}</p>;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button
          look="primary"
          disabled={!page.data}
          aria-label={say(isPlaying ? "example.pause" : "example.play")}
          onClick={() => (isPlaying ? sound.current?.pause() : play())}
        >
          {say(isPlaying ? "player.pause" : "player.play")}
        </Button>
        <p className="min-w-0 flex-1 basis-64 text-ink-soft">{say("example.about", { title: TITLE })}</p>
        <audio
          ref={sound}
          src={SOUND}
          preload="none"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onEnded={() => setPlaying(false)}
        />
      </div>
      <div className="example-score mt-4">
        {page.data ? (
          <ScoreView
            svg={page.data.svg}
            isNarrow={page.data.isNarrow}
            clock={page.data.clock}
            title={TITLE}
            position={position}
            // The whole example is in sight: there is nothing to scroll after it.
            isPlaying={false}
            doubtful={NONE}
            markedHit={null}
            shown={null}
            onSeek={(seconds) => {
              if (!sound.current) return;
              sound.current.currentTime = seconds;
              play();
            }}
          />
        ) : null}
      </div>
    </>
  );
}
