import { CHIP } from "./chip";
import type { PlayerEngine, PlayerState } from "./engine";
import type { ClickDivision, CountInBars } from "./practice";

const SELECT = "min-h-11 rounded-lg border border-line-strong bg-page px-2 text-sm";
const COUNT_INS: readonly [CountInBars, string][] = [[0, "no count-in"], [1, "count-in: 1 bar"], [2, "count-in: 2 bars"]];
const DIVISIONS: readonly [ClickDivision, string][] = [
  [1, "on beats"], [2, "2 a beat"], [3, "3 a beat"], [4, "4 a beat"],
];

/** What is counted before the song, and what clicks along. */
export function ClickControl({ engine, state }: { engine: PlayerEngine; state: PlayerState }) {
  const isOn = !state.sources.click.isMuted;
  return (
    <>
      <select
        aria-label="Count-in"
        className={SELECT}
        value={state.countInBars}
        onChange={(event) => engine.setCountIn(Number(event.target.value) as CountInBars)}
      >
        {COUNT_INS.map(([bars, words]) => (
          <option key={bars} value={bars}>
            {words}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={CHIP}
        aria-pressed={isOn}
        onClick={() => engine.setSource("click", { isMuted: isOn })}
      >
        Click
      </button>
      {isOn ? (
        <select
          aria-label="Clicks"
          className={SELECT}
          value={state.clickDivision}
          onChange={(event) => engine.setClickDivision(Number(event.target.value) as ClickDivision)}
        >
          {DIVISIONS.map(([division, words]) => (
            <option key={division} value={division}>
              {words}
            </option>
          ))}
        </select>
      ) : null}
    </>
  );
}
