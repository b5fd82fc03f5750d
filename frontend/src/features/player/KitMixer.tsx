import { instrumentName } from "@/music/instruments";
import { INSTRUMENTS } from "@/music/staffOrder";
import { say } from "@/words";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";

const SWITCH = "min-h-11 min-w-11 cursor-pointer rounded-lg border border-line-strong text-sm font-semibold";

/** Mute and solo of each drum of the synthesised kit: practise the hats alone, or without the kick. */
export function KitMixer({ engine, state }: { engine: PlayerEngine; state: PlayerState }) {
  return (
    <ul aria-label={say("player.kit")} className="grid grid-cols-1 gap-x-6 gap-y-2 sm:grid-cols-2 lg:grid-cols-3">
      {INSTRUMENTS.map((instrument) => {
        const drum = state.kit[instrument] ?? { isMuted: false, isSolo: false };
        const name = instrumentName(instrument);
        return (
          <li key={instrument} className="flex items-center gap-2">
            <span className="min-w-0 grow">{name}</span>
            <button
              type="button"
              aria-pressed={drum.isMuted}
              aria-label={say("player.mute_of", { name })}
              title={say("player.mute")}
              onClick={() => engine.setDrum(instrument, { ...drum, isMuted: !drum.isMuted })}
              className={`${SWITCH} aria-pressed:bg-alarm aria-pressed:text-page`}
            >
              M
            </button>
            <button
              type="button"
              aria-pressed={drum.isSolo}
              aria-label={say("player.solo_of", { name })}
              title={say("player.solo")}
              onClick={() => engine.setDrum(instrument, { ...drum, isSolo: !drum.isSolo })}
              className={`${SWITCH} aria-pressed:bg-bronze aria-pressed:text-on-bronze`}
            >
              S
            </button>
          </li>
        );
      })}
    </ul>
  );
}
