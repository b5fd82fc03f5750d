/** The outline of a sound, for drawing: the lowest and the highest sample of each of n columns. */
export interface Peaks {
  low: Float32Array;
  high: Float32Array;
  durationSeconds: number;
}

/** Samples of a column that are looked at: enough to draw it, even of a song of an hour. */
const MOST_LOOKED_AT = 1000;

export function peaksOf(
  channels: readonly Float32Array[],
  sampleRate: number,
  columns: number,
): Peaks {
  const length = channels[0]?.length ?? 0;
  const step = Math.max(1, Math.floor(length / columns / MOST_LOOKED_AT));
  const low = new Float32Array(columns);
  const high = new Float32Array(columns);
  for (let column = 0; column < columns; column += 1) {
    const start = Math.floor((column * length) / columns);
    const end = Math.floor(((column + 1) * length) / columns);
    for (const samples of channels) {
      for (let i = start; i < end; i += step) {
        const value = samples[i] as number;
        if (value < (low[column] as number)) low[column] = value;
        if (value > (high[column] as number)) high[column] = value;
      }
    }
  }
  return { low, high, durationSeconds: length / sampleRate };
}

/**
 * How many channels of each source may be kept: 2, 1, or 0 if the stems must stay away.
 *
 * The sound is held decoded (4 bytes a sample), because only so a seek, a loop and another speed
 * are exact; a phone's browser ends a page that takes too much.
 */
export function channelsThatFit(
  durationSeconds: number,
  sources: number,
  sampleRate: number,
  budgetBytes: number,
): 0 | 1 | 2 {
  const one = durationSeconds * sampleRate * 4 * sources;
  if (2 * one <= budgetBytes) return 2;
  return one <= budgetBytes ? 1 : 0;
}
