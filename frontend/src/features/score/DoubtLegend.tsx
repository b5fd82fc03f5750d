import { DOUBTFUL } from "@/music/doubt";
import { say } from "@/words";

/** What the colours of doubtful notes mean, beside the score that has them. */
export function DoubtLegend() {
  return (
    <ul aria-label={say("score.doubt_legend")} className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-ink-soft print:hidden">
      <Colour name="var(--care)" words={say("score.less_sure", { percent: Math.round(DOUBTFUL * 100) })} />
      <Colour name="var(--alarm)" words={say("score.less_sure", { percent: 50 })} />
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
