import { useState } from "react";

/** The number of a bar; what is being typed stays as it is until it is a bar of the piece. */
export function BarField({
  label, value, range: [first, last], onBar,
}: {
  label: string;
  value: number;
  range: readonly [number, number];
  onBar: (bar: number) => void;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <input
      type="number"
      aria-label={label}
      className="min-h-11 w-16 rounded-lg border border-line-strong bg-page px-2 text-center tabular-nums"
      min={first}
      max={last}
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.target.value);
        const bar = Number(event.target.value);
        if (event.target.value !== "" && bar >= first && bar <= last) onBar(bar);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
