import type { PlayedHit } from "./kitVoices";
import type { Peaks } from "./waveform";
import { secondsOf, type Stretch } from "./waveView";

/** Draws the outline of the sound between two moments, and a stroke for each note below it. */
export function drawWaveform(
  canvas: HTMLCanvasElement,
  peaks: Peaks | null,
  hits: readonly PlayedHit[],
  durationSeconds: number,
  view: Stretch,
): void {
  const scale = devicePixelRatio || 1;
  const width = (canvas.width = Math.round(canvas.clientWidth * scale));
  const height = (canvas.height = Math.round(canvas.clientHeight * scale));
  const context = canvas.getContext("2d");
  if (!context || width === 0) return;
  const style = getComputedStyle(document.documentElement);
  const strip = 14 * scale;
  if (peaks) {
    context.fillStyle = style.getPropertyValue("--line-strong");
    const middle = (height - strip) / 2;
    let loudest = 1e-6;
    for (const value of peaks.high) loudest = Math.max(loudest, value);
    const columnAt = (x: number) =>
      Math.floor(((view.from + (x / width) * secondsOf(view)) / Math.max(durationSeconds, 1e-6)) * peaks.high.length);
    for (let x = 0; x < width; x += 1) {
      const from = columnAt(x);
      const to = Math.max(from + 1, columnAt(x + 1));
      let high = 0;
      let low = 0;
      for (let i = from; i < to; i += 1) {
        high = Math.max(high, peaks.high[i] ?? 0);
        low = Math.min(low, peaks.low[i] ?? 0);
      }
      const top = middle - (high / loudest) * middle * 0.92;
      const bottom = middle - (low / loudest) * middle * 0.92;
      context.fillRect(x, top, 1, Math.max(scale, bottom - top));
    }
  }
  for (const hit of hits) {
    const x = ((hit.time - view.from) / secondsOf(view)) * width;
    if (x < 0 || x > width) continue;
    context.fillStyle = style.getPropertyValue(`--${hit.instrument}`);
    const tall = strip * (0.35 + 0.6 * hit.velocity);
    context.fillRect(x, height - tall, scale, tall);
  }
}
