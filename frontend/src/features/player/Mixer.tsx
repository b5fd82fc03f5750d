"use client";

import { say, type PlainKey } from "@/words";
import type { PlayerEngine } from "./engine";
import type { PlayerState } from "./playerState";
import { KitMixer } from "./KitMixer";
import type { SourceName } from "./sources";

const NAMES: Record<SourceName, PlainKey> = {
  recording: "player.recording",
  drums: "player.drums",
  backing: "player.backing",
  kit: "player.transcription",
  click: "player.click",
};

/** Volume, mute and solo of everything that can sound, and the mixes one usually wants. */
export function Mixer({ engine, state }: { engine: PlayerEngine; state: PlayerState }) {
  const names: SourceName[] = [...state.stems, "kit", "click"];
  const hasStems = state.stems.includes("drums");
  const recording: SourceName[] = hasStems ? ["drums", "backing"] : ["recording"];
  const presets: [string, SourceName[]][] = [
    [say("player.mix.song"), recording],
    ...(hasStems
      ? ([
          [say("player.mix.drums"), ["drums"]],
          [say("player.mix.backing"), ["backing"]],
        ] as [string, SourceName[]][])
      : []),
    [say("player.mix.song_and_kit"), [...recording, "kit"]],
    ...(hasStems ? ([[say("player.mix.band_and_kit"), ["backing", "kit"]]] as [string, SourceName[]][]) : []),
    [say("player.mix.kit"), ["kit"]],
  ];
  const heard = names.filter((name) => name !== "click" && !state.sources[name].isMuted).sort();
  return (
    <div className="grid grid-cols-1 gap-4">
      <div role="group" aria-label={say("player.what_to_hear")} className="flex flex-wrap gap-2">
        {presets.map(([label, wanted]) => (
          <button
            key={label}
            type="button"
            aria-pressed={heard.join() === [...wanted].sort().join()}
            onClick={() => engine.hearOnly(wanted)}
            className="min-h-11 cursor-pointer rounded-full border border-line-strong px-3 text-sm aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white"
          >
            {label}
          </button>
        ))}
      </div>
      <ul className="grid grid-cols-1 gap-x-8 gap-y-2 sm:grid-cols-2">
        {names.map((name) => (
          <Channel key={name} name={name} engine={engine} state={state} />
        ))}
      </ul>
      {state.sources.kit.isMuted && !state.sources.kit.isSolo ? null : (
        <KitMixer engine={engine} state={state} />
      )}
    </div>
  );
}

function Channel({
  name, engine, state,
}: { name: SourceName; engine: PlayerEngine; state: PlayerState }) {
  const one = state.sources[name];
  const toggle =
    "min-h-11 min-w-11 cursor-pointer rounded-lg border border-line-strong text-sm font-semibold";
  return (
    <li className="flex items-center gap-2">
      <span className="w-28 shrink-0 leading-tight sm:w-36">{say(NAMES[name])}</span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={one.volume}
        aria-label={say("player.volume_of", { name: say(NAMES[name]) })}
        onChange={(event) => engine.setSource(name, { volume: Number(event.target.value) })}
        className="h-6 w-0 min-w-0 grow accent-(--bronze)"
      />
      <button
        type="button"
        aria-pressed={one.isMuted}
        aria-label={say("player.mute_of", { name: say(NAMES[name]) })}
        title={say("player.mute")}
        onClick={() => engine.setSource(name, { isMuted: !one.isMuted })}
        className={`${toggle} aria-pressed:bg-alarm aria-pressed:text-page`}
      >
        M
      </button>
      {name === "click" ? (
        <span className="w-11" />
      ) : (
        <button
          type="button"
          aria-pressed={one.isSolo}
          aria-label={say("player.solo_of", { name: say(NAMES[name]) })}
          title={say("player.solo")}
          onClick={() => engine.setSource(name, { isSolo: !one.isSolo })}
          className={`${toggle} aria-pressed:bg-bronze aria-pressed:text-on-bronze`}
        >
          S
        </button>
      )}
    </li>
  );
}
