import { CHIP } from "./chip";
import type { PlayerEngine } from "./engine";
import { FIRST_TRAINER, type Trainer } from "./practice";

const FIELDS = [
  { key: "stepPercent", before: "+", label: "Faster by percent", min: 1, max: 50, after: "% every" },
  { key: "everyLoops", before: "", label: "After so many loops", min: 1, max: 32, after: "loops up to" },
  { key: "toPercent", before: "", label: "Up to percent", min: 30, max: 150, after: "%" },
] as const;

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
        Trainer
      </button>
      {trainer ? (
        <span role="group" aria-label="Tempo trainer" className="flex flex-wrap items-center gap-1.5 text-sm">
          {FIELDS.map(({ key, before, label, min, max, after }) => (
            <span key={key} className="flex items-center gap-1.5">
              {before}
              <input
                type="number"
                aria-label={label}
                min={min}
                max={max}
                defaultValue={trainer[key]}
                onChange={(event) => {
                  const value = Number(event.target.value);
                  if (value >= min && value <= max) engine.setTrainer({ ...trainer, [key]: value });
                }}
                className="min-h-11 w-16 rounded-lg border border-line-strong bg-page px-2 text-center tabular-nums"
              />
              {after}
            </span>
          ))}
        </span>
      ) : null}
    </>
  );
}
