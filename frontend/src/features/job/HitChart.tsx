import type { Instrument } from "@/api/client";
import { instrumentColour, instrumentInText, instrumentName } from "@/music/instruments";
import { INSTRUMENTS } from "@/music/staffOrder";
import { say } from "@/words";

/** How often each instrument is played: a bar chart that is a table to those who cannot see it. */
export function HitChart({ summary }: { summary: Readonly<Record<string, number>> }) {
  const rows = INSTRUMENTS.map((instrument) => ({ instrument, count: summary[instrument] ?? 0 }));
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const silent = rows.filter(({ count }) => count === 0);
  return (
    <div>
      <table className="w-full">
        <caption className="sr-only">{say("result.notes_of_each")}</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">{say("result.instrument")}</th>
            <th scope="col">{say("result.notes")}</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(({ count }) => count > 0)
            .map(({ instrument, count }) => (
              <tr key={instrument}>
                <th
                  scope="row"
                  className="w-28 py-1 pr-3 text-left text-[0.95rem] font-normal whitespace-nowrap"
                >
                  {instrumentName(instrument)}
                </th>
                <td className="py-1">
                  <div className="flex items-center gap-3">
                    <Bar instrument={instrument} fraction={count / most} />
                    <span className="text-sm text-ink-soft tabular-nums">{count}</span>
                  </div>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      {silent.length > 0 && silent.length < rows.length ? (
        <p className="mt-2 text-sm text-ink-faint">
          {say("result.not_heard", {
            drums: silent.map(({ instrument }) => instrumentInText(instrument)).join(", "),
          })}
        </p>
      ) : null}
      <p className="sr-only">
        {say("result.notes_in_all", { count: rows.reduce((sum, { count }) => sum + count, 0) })}
      </p>
    </div>
  );
}

function Bar({ instrument, fraction }: { instrument: Instrument; fraction: number }) {
  return (
    <svg
      className="h-3 min-w-0 flex-1"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect
        width={Math.max(1, fraction * 100)}
        height="10"
        rx="1"
        fill={instrumentColour(instrument)}
      />
    </svg>
  );
}
