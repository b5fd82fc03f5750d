import type { JobResult } from "@/api/client";
import { WISHES } from "@/api/generated/wishes";
import { Button } from "@/components/ui/Button";
import { TapTempo } from "@/components/TapTempo";
import { say } from "@/words";
import { atTempo, barOneAt } from "./countChanges";
import type { OptionsChange } from "./session";

interface TapSettingsProps {
  result: JobResult;
  position: () => number;
  isPlaying: boolean;
  onChange: (change: OptionsChange) => void;
}

/** Tempo, and where bars begin, by tapping along with the recording. */
export function TapSettings({ result, position, isPlaying, onChange }: TapSettingsProps) {
  // One taps what one counts: dotted quarters in 6/8, half notes in 2/2, and quarters among eighths.
  const quarters = Math.max(1, result.beat_length);
  return (
    <TapTempo
      heardAt={() => (isPlaying ? position() : null)}
      offer={(tapsPerMinute, { clock, at }) => {
        const bpm = Math.round(quarters * tapsPerMinute);
        const { least, most } = WISHES.bpm;
        if (bpm < least || bpm > most) return say("tap.out_of_range", { bpm, least, most });
        const tempo = atTempo(bpm);
        const [first] = at;
        return (
          <>
            <Button className="px-4" onClick={() => onChange(tempo)}>
              {say("tap.use", { bpm })}
            </Button>
            {clock === "recording" && first !== undefined ? (
              <Button
                className="px-4"
                onClick={() => onChange({ ...tempo, ...barOneAt(first, result) })}
              >
                {say("tap.use_with_bar", { bpm })}
              </Button>
            ) : null}
          </>
        );
      }}
    />
  );
}
