import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { Service } from "./service";

/** The page's own idea of where the song is, sampled with the clock of the sound. */
export interface Shown {
  contextSeconds: number;
  /** Of the whole song, 0..1. */
  share: number;
}

interface Ear {
  context?: AudioContext;
  /** Loudest sample of each 128, with the context's time of its block: exact, whatever the load. */
  peaks: { contextSeconds: number; peak: number }[];
  shown: Shown[];
}

declare global {
  interface Window {
    ear: Ear;
  }
}

const EAR_URL = "/ear-of-the-test.js";
const EAR = `
registerProcessor("ear", class extends AudioWorkletProcessor {
  process([input]) {
    let peak = 0;
    for (const value of input?.[0] ?? []) peak = Math.max(peak, Math.abs(value));
    this.port.postMessage({ contextSeconds: currentTime, peak });
    return true;
  }
});`;

/**
 * Listens on the audio thread to everything that the page sends to the loudspeaker, and watches its
 * playhead, both on the clock of the audio context. To be called before the page is opened.
 */
export async function listen(page: Page, service: Service): Promise<void> {
  // A file of the page's own origin: nothing else is let onto the audio thread.
  await writeFile(path.join(service.dataDir, "web", EAR_URL), EAR);
  await page.addInitScript(
    (url) => {
      window.ear = { peaks: [], shown: [] };
      type Connect = (this: AudioNode, to: AudioNode, ...rest: unknown[]) => AudioNode;
      const connect = AudioNode.prototype.connect as Connect;
      const taps = new WeakMap<BaseAudioContext, Promise<AudioNode>>();
      const tapOf = (context: AudioContext): Promise<AudioNode> => {
        let tap = taps.get(context);
        if (!tap) {
          tap = context.audioWorklet.addModule(url).then(() => {
            const node = new AudioWorkletNode(context, "ear");
            node.port.onmessage = ({ data }) => window.ear.peaks.push(data as Ear["peaks"][number]);
            connect.call(node, context.destination);
            return node;
          });
          taps.set(context, tap);
          window.ear.context = context;
        }
        return tap;
      };
      AudioNode.prototype.connect = function (this: AudioNode, to: AudioNode, ...rest: unknown[]) {
        if (to instanceof AudioDestinationNode && to.context instanceof AudioContext) {
          void tapOf(to.context).then((tap) => connect.call(this, tap));
        }
        return connect.call(this, to, ...rest);
      } as never;
      // Right after the page has moved its playhead, before anything else takes time.
      const watch = new MutationObserver(() => {
        const head = document.querySelector<HTMLElement>('[data-testid="playhead"]');
        const { context, shown } = window.ear;
        if (!head || !context) return;
        const latency = context.outputLatency || context.baseLatency || 0;
        shown.push({
          contextSeconds: context.currentTime - latency,
          share: parseFloat(head.style.left) / 100,
        });
      });
      watch.observe(document, { subtree: true, attributes: true, attributeFilter: ["style"] });
    },
    EAR_URL,
  );
}

/** Forgets what was heard so far. */
export const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.ear.peaks = [];
    window.ear.shown = [];
  });

/** Moments of the context at which something begins to sound, and the playhead, since `forget`. */
export async function heard(page: Page): Promise<{ attacks: number[]; shown: Shown[] }> {
  const { peaks, shown } = await page.evaluate(() => ({
    peaks: window.ear.peaks,
    shown: window.ear.shown,
  }));
  const attacks: number[] = [];
  let before = 0;
  for (const { contextSeconds, peak } of peaks) {
    const last = attacks.at(-1) ?? -1;
    if (peak > 0.03 && peak > 3 * before && contextSeconds - last > 0.05) {
      attacks.push(contextSeconds);
    }
    before = Math.max(peak, before * 0.93);
  }
  return { attacks, shown };
}

/** The loudness of the recording itself, per 128 samples at 44.1 kHz, decoded by the browser. */
export const loudnessOf = (page: Page, url: string): Promise<number[]> =>
  page.evaluate(async (address) => {
    const bytes = await (await fetch(address)).arrayBuffer();
    const decoded = await new OfflineAudioContext(1, 1, 44100).decodeAudioData(bytes);
    const samples = decoded.getChannelData(0);
    const out: number[] = [];
    for (let i = 0; i + 128 <= samples.length; i += 128) {
      let peak = 0;
      for (let k = i; k < i + 128; k += 1) peak = Math.max(peak, Math.abs(samples[k]!));
      out.push(peak);
    }
    return out;
  }, url);

/**
 * How much later (seconds of the recording) the sound is than the page says: the shift at which the
 * rises of what was heard fit those of the recording best, tried in steps of 2 ms up to 0.2 s.
 */
export async function soundBehindPage(
  page: Page,
  reference: readonly number[],
  durationSeconds: number,
): Promise<{ lagSeconds: number; fit: number }> {
  const { peaks, shown } = await page.evaluate(() => ({
    peaks: window.ear.peaks,
    shown: window.ear.shown,
  }));
  const perSecond = 44100 / 128;
  const rise = (now: number, before: number) => Math.max(0, Math.log((now + 1e-3) / (before + 1e-3)));
  const rises = reference.map((value, i) => rise(value, reference[Math.max(0, i - 4)]!));
  const played = peaks.flatMap(({ contextSeconds, peak }, i) => {
    const share = shareShown(shown, contextSeconds);
    return share === null || i < 4
      ? []
      : [{ place: share * durationSeconds, rise: rise(peak, peaks[i - 4]!.peak) }];
  });
  let best = { lagSeconds: NaN, fit: 0 };
  for (let lag = -0.2; lag <= 0.2; lag += 0.002) {
    let fit = 0;
    for (const one of played) {
      // A sound that is late was in the recording before the place that is shown.
      fit += one.rise * (rises[Math.round((one.place - lag) * perSecond)] ?? 0);
    }
    if (fit > best.fit) best = { lagSeconds: lag, fit };
  }
  return best;
}

/** Where the page said the song was at a moment of the context (0..1); null if it was not seen. */
export function shareShown(shown: readonly Shown[], contextSeconds: number): number | null {
  const right = shown.findIndex((one) => one.contextSeconds >= contextSeconds);
  const [a, b] = [shown[right - 1], shown[right]];
  if (!a || !b || b.share < a.share) return null;
  const whole = Math.max(1e-9, b.contextSeconds - a.contextSeconds);
  return a.share + ((contextSeconds - a.contextSeconds) / whole) * (b.share - a.share);
}
