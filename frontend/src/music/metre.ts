export type BeatUnit = "half" | "quarter" | "dotted quarter" | "eighth";

/** What is counted in a metre, as the service counts: dotted quarters in 6/8, eighths in 7/8. */
export function beatUnit(timeSignature: string): BeatUnit {
  const [beats = 4, of = 4] = timeSignature.split("/").map(Number);
  if (of >= 8) return of === 8 && beats > 3 && beats % 3 === 0 ? "dotted quarter" : "eighth";
  return of <= 2 ? "half" : "quarter";
}
