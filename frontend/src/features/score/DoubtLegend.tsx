import { DOUBTFUL_BAR } from "@/music/doubt";
import { say } from "@/words";

/** What the colours of doubtful notes and bars mean, beside the score that has them. */
export function DoubtLegend({ hasBars }: { hasBars: boolean }) {
  return (
    <ul aria-label={say("score.doubt_legend")} className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-ink-soft print:hidden">
      <Colour name="var(--alarm)" words={say("score.doubtful")} />
      {hasBars ? (
        <li className="flex items-center gap-2">
          <svg viewBox="0 0 24 12" className="h-3" aria-hidden="true">
            <path d="M0 1h24M0 3.5h24M0 6h24M0 8.5h24M0 11h24M23.5 1v10" stroke="var(--care)" />
          </svg>
          {say("score.bar_less_sure", { percent: 100 * DOUBTFUL_BAR })}
        </li>
      ) : null}
    </ul>
  );
}

function Colour({ name, words }: { name: string; words: string }) {
  return (
    <li className="flex items-center gap-2">
      <svg viewBox="0 0 14 12" className="h-3" aria-hidden="true">
        <ellipse cx="7" cy="6" rx="6" ry="4.4" transform="rotate(-20 7 6)" fill={name} />
      </svg>
      {words}
    </li>
  );
}
