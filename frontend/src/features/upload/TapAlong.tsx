import { useCallback, useState } from "react";
import { Button } from "@/components/ui/Button";
import { offeredTempo } from "@/components/offeredTempo";
import { TapTempo } from "@/components/TapTempo";
import { beatUnit, isMetre, QUARTERS_OF_A_BEAT } from "@/music/metre";
import { say } from "@/words";
import type { Song } from "./sendSong";

interface TapAlongProps {
  song: Song;
  /** As it was typed. */
  metre: string;
  onTempo: (bpm: number) => void;
}

/** The tempo by tapping along: with the file where this browser plays it, else with whatever plays it elsewhere. */
export function TapAlong({ song, metre, onTempo }: TapAlongProps) {
  const file = song.kind === "file" ? song.file : null;
  const unit = isMetre(metre.trim()) ? beatUnit(metre.trim()) : "quarter";
  return (
    <div className="grid gap-2 sm:col-span-2">
      <TapTempo
        heardAt={() => null}
        offer={(tapsPerMinute) =>
          offeredTempo(tapsPerMinute, QUARTERS_OF_A_BEAT[unit], (bpm) => (
            <Button className="px-4" onClick={() => onTempo(bpm)}>
              {say("tap.use", { bpm })}
            </Button>
          ))
        }
      />
      {file ? <Listen key={`${file.name} ${file.size}`} file={file} /> : <Elsewhere words={say("form.link_not_played")} />}
    </div>
  );
}

function Listen({ file }: { file: File }) {
  const [cannotPlay, setCannotPlay] = useState(false);
  const playsFile = useCallback(
    (audio: HTMLAudioElement | null) => {
      if (!audio) return;
      const address = URL.createObjectURL(file);
      audio.src = address;
      return () => URL.revokeObjectURL(address);
    },
    [file],
  );
  if (cannotPlay) return <Elsewhere words={say("form.file_not_played")} />;
  return (
    <audio
      ref={playsFile}
      controls
      preload="metadata"
      aria-label={say("form.listen")}
      className="h-11 w-full"
      onError={() => setCannotPlay(true)}
    />
  );
}

const Elsewhere = ({ words }: { words: string }) => <p className="text-sm text-ink-faint">{words}</p>;
