import { say, type PlainKey } from "@/words";
import { CHIP } from "./chip";
import type { PlayerEngine } from "./engine";
import { FIRST_TRAINER, type Trainer } from "./practice";

const FIELDS = [
  { key: "stepPercent", before: "+", label: "player.trainer.step", min: 1, max: 50, after: "player.trainer.every" },
  { key: "everyLoops", before: "", label: "player.trainer.loops_label", min: 1, max: 32, after: "player.trainer.loops" },
  { key: "toPercent", before: "", label: "player.trainer.up_to", min: 30, max: 150, after: "player.trainer.percent" },
] as const satisfies readonly { label: PlainKey; after: PlainKey; [other: string]: unknown }[];

/** The tempo trainer: the loop gets faster by itself. */
export function TrainerControl({
  engine, trainer,
}: { engine: PlayerEngine; trainer: Trainer | null }) {
  return (
    <>
      <button
        type="button"
        className={CHIP}
        aria-pressed={trainer !== null}
        onClick={() => engine.setTrainer(trainer ? null : FIRST_TRAINER)}
      >
        {say("player.trainer")}
      </button>
      {trainer ? (
        <span role="group" aria-label={say("player.trainer_label")} className="flex flex-wrap items-center gap-1.5 text-sm">
          {FIELDS.map(({ key, before, label, min, max, after }) => (
            <span key={key} className="flex items-center gap-1.5">
              {before}
              <input
                type="number"
                aria-label={say(label)}
                min={min}
                max={max}
                defaultValue={trainer[key]}
                onChange={(event) => {
                  const value = Number(event.target.value);
                  if (value >= min && value <= max) engine.setTrainer({ ...trainer, [key]: value });
                }}
                className="min-h-11 w-16 rounded-lg border border-line-strong bg-page px-2 text-center tabular-nums"
              />
              {say(after)}
            </span>
          ))}
        </span>
      ) : null}
    </>
  );
}
