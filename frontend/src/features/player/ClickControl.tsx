import { say, type PlainKey } from "@/words";
import { CHIP } from "./chip";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import type { ClickDivision, CountInBars } from "./practice";

const SELECT = "min-h-11 rounded-lg border border-line-strong bg-page px-2 text-sm";
const COUNT_INS: readonly [CountInBars, PlainKey][] = [[0, "player.count_in.none"], [1, "player.count_in.one"], [2, "player.count_in.two"]];
const DIVISIONS: readonly [ClickDivision, PlainKey][] = [
  [1, "player.click.on_beats"], [2, "player.click.two"], [3, "player.click.three"], [4, "player.click.four"],
];

/** What is counted before the song, and what clicks along. */
export function ClickControl({ engine, state }: { engine: PlayerEngine; state: PlayerState }) {
  const isOn = !state.sources.click.isMuted;
  return (
    <>
      <select
        aria-label={say("player.count_in")}
        className={SELECT}
        value={state.countInBars}
        onChange={(event) => engine.setCountIn(Number(event.target.value) as CountInBars)}
      >
        {COUNT_INS.map(([bars, words]) => (
          <option key={bars} value={bars}>
            {say(words)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className={CHIP}
        aria-pressed={isOn}
        onClick={() => engine.setSource("click", { isMuted: isOn })}
      >
        {say("player.click")}
      </button>
      {isOn ? (
        <select
          aria-label={say("player.clicks")}
          className={SELECT}
          value={state.clickDivision}
          onChange={(event) => engine.setClickDivision(Number(event.target.value) as ClickDivision)}
        >
          {DIVISIONS.map(([division, words]) => (
            <option key={division} value={division}>
              {say(words)}
            </option>
          ))}
        </select>
      ) : null}
    </>
  );
}
