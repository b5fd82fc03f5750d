import type { StemName } from "./recording";

/** What can sound: the recording and its stems, the synthesised kit, the click. */
export type SourceName = StemName | "kit" | "click";

export interface SourceState {
  volume: number;
  isMuted: boolean;
  isSolo: boolean;
}

export type Sources = Record<SourceName, SourceState>;

const source = (volume: number, isMuted = false): SourceState => ({
  volume,
  isMuted,
  isSolo: false,
});

/** The recording alone; kit and click wait, muted. */
export const FIRST_SOURCES: Sources = {
  recording: source(1),
  drums: source(1),
  backing: source(1),
  kit: source(0.8, true),
  click: source(0.6, true),
};

/** Only these sound, the click as it was: the presets of the mixer. */
export function onlyHeard(sources: Sources, names: readonly SourceName[]): Sources {
  const next = { ...sources };
  for (const name of Object.keys(next) as SourceName[]) {
    if (name === "click") continue;
    next[name] = { ...next[name], isMuted: !names.includes(name), isSolo: false };
  }
  return next;
}

/** Where stems take the place of the whole recording, each sounds as that did. */
export function heardAsBefore(
  sources: Sources, before: readonly StemName[], now: readonly StemName[],
): Sources {
  if (!before.includes("recording") || now.includes("recording")) return sources;
  return { ...sources, ...Object.fromEntries(now.map((name) => [name, sources.recording])) };
}

/** The gain of each source between it and the loudspeakers. */
export class SourceGains {
  private readonly gains = new Map<SourceName, GainNode>();

  constructor(private readonly context: AudioContext) {
    for (const name of Object.keys(FIRST_SOURCES) as SourceName[]) {
      const gain = context.createGain();
      gain.connect(context.destination);
      this.gains.set(name, gain);
    }
  }

  of(name: SourceName): GainNode {
    return this.gains.get(name) as GainNode;
  }

  /** Sets the gains by volume, mute and solo. The click is heard beside any solo. */
  apply(sources: Sources, glideSeconds = 0.02): void {
    const hasSolo = Object.values(sources).some((one) => one.isSolo);
    for (const [name, one] of Object.entries(sources) as [SourceName, SourceState][]) {
      const isHeard = hasSolo ? one.isSolo || (name === "click" && !one.isMuted) : !one.isMuted;
      const { gain } = this.of(name);
      gain.setTargetAtTime(isHeard ? one.volume : 0, this.context.currentTime, glideSeconds);
    }
  }
}
