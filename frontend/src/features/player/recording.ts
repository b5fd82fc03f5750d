import { ApiProblem, problemOf } from "@/api/problem";
import { say } from "@/words";
import { channelsThatFit, peaksOf, type Peaks } from "./waveform";

export type StemName = "recording" | "drums" | "backing";

/** The sound of a song, decoded: stems of equal length on one clock. */
export interface Recording {
  stems: readonly StemName[];
  /** Per stem its channels (one or two). */
  channels: readonly (readonly Float32Array<ArrayBuffer>[])[];
  sampleRate: number;
  durationSeconds: number;
  peaks: Peaks;
  /** Something was left out to spare memory: stems, or the second channel. */
  isReduced: boolean;
}

export interface StemAddress {
  name: StemName;
  url: string;
}

const PEAK_COLUMNS = 4000;
const DESKTOP_BYTES = 420e6;
const PHONE_BYTES = 170e6;

/** What the decoded sound may take: a phone's browser ends pages that take more. */
export function memoryBudget(): number {
  const memory = (navigator as Navigator & { deviceMemory?: number }).deviceMemory ?? 8;
  const isPhone = globalThis.matchMedia?.("(pointer: coarse)").matches ?? false;
  return memory <= 4 || isPhone ? PHONE_BYTES : DESKTOP_BYTES;
}

async function fetchSound(
  url: string,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let received = 0;
  try {
    const response = await fetch(url, { signal, credentials: "same-origin" });
    if (!response.ok || !response.body) {
      throw problemOf(response, await response.json().catch(() => undefined));
    }
    const total = Number(response.headers.get("content-length") ?? 0);
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      received += value.length;
      if (total) onShare(Math.min(1, received / total));
    }
  } catch (error) {
    if (signal.aborted || error instanceof ApiProblem) throw error;
    // The line may break in the middle of a song as well as before it.
    throw new ApiProblem({ code: "offline", status: 0, detail: say("problems.offline") });
  }
  const whole = new Uint8Array(received);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}

/** The first `count` channels as copies of their own; one channel is the mean of all. */
function folded(buffer: AudioBuffer, count: 1 | 2): Float32Array<ArrayBuffer>[] {
  const all = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  if (count === 2) return [all[0], all[1] ?? all[0]].map((x) => new Float32Array(x ?? []));
  const mean = new Float32Array(buffer.length);
  for (const channel of all) {
    for (let i = 0; i < mean.length; i += 1) {
      mean[i] = (mean[i] as number) + (channel[i] as number) / all.length;
    }
  }
  return [mean];
}

/** The samples moved to the front of an array of exactly `length`. */
function fitted(samples: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  if (samples.length === length) return samples;
  const out = new Float32Array(length);
  out.set(samples.subarray(0, length));
  return out;
}

/**
 * Fetches and decodes. With stems, drums and backing are taken and their sum is the recording; what
 * does not fit into memory is left out, last of all the sound itself.
 *
 * onShare: 0..1. Throws ApiProblem, or DOMException where the browser cannot decode the file.
 */
export async function loadRecording(
  context: BaseAudioContext,
  addresses: readonly StemAddress[],
  durationSeconds: number,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Recording> {
  const find = (name: StemName) => addresses.find((address) => address.name === name);
  const [drums, backing, whole] = [find("drums"), find("backing"), find("recording")];
  const rate = context.sampleRate;
  let wanted = drums && backing ? [drums, backing] : whole ? [whole] : [];
  let count = channelsThatFit(durationSeconds, wanted.length, rate, memoryBudget());
  let isReduced = count < 2;
  if (wanted.length === 2 && count === 0 && whole) {
    wanted = [whole];
    count = channelsThatFit(durationSeconds, 1, rate, memoryBudget());
    isReduced = true;
  }
  const channels: Float32Array<ArrayBuffer>[][] = [];
  for (const [i, address] of wanted.entries()) {
    const bytes = await fetchSound(address.url, signal, (share) =>
      onShare((i + share) / wanted.length),
    );
    const decoded = await context.decodeAudioData(bytes);
    signal.throwIfAborted();
    // Nothing is gained by two channels of a recording in mono.
    const isMono = (channels[0]?.length ?? Math.min(count, decoded.numberOfChannels)) < 2;
    channels.push(folded(decoded, isMono ? 1 : 2));
  }
  const length = Math.max(0, ...channels.map((stem) => stem[0]?.length ?? 0));
  const even = channels.map((stem) => stem.map((samples) => fitted(samples, length)));
  const sum = even.length === 2 ? even.map((stem) => stem[0] as Float32Array) : (even[0] ?? []);
  return {
    stems: wanted.map((address) => address.name),
    channels: even,
    sampleRate: rate,
    durationSeconds: length / rate,
    peaks: peaksOf(sum, rate, PEAK_COLUMNS),
    isReduced,
  };
}
