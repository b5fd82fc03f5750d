import { DOUBTFUL } from "@/music/doubt";

/** What the colours of doubtful notes mean, beside the score that has them. */
export function DoubtLegend() {
  return (
    <ul aria-label="Colours of doubtful notes" className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-ink-soft print:hidden">
      <Colour name="var(--care)" words={`less than ${Math.round(DOUBTFUL * 100)} % sure`} />
      <Colour name="var(--alarm)" words="less than 50 % sure" />
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
