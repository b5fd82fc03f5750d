export const LEAST_ZOOM = 80;
export const MOST_ZOOM = 200;
export const ZOOM_STEP = 10;

/** Widths of the two drawings in their own units: four bars a line, and two. */
const WIDE_UNITS = 2100;
const NARROW_UNITS = 900;
/** The white at both sides of the wide drawing, of its width: it may run out of the screen. */
const WIDE_MARGIN = 300 / WIDE_UNITS;
/** Less wide than this, and four bars a line cannot be read at their plain size. */
const PHONE_PIXELS = 640;

/** What zoom a screen begins with: 100 is four bars a line over its whole width. */
export const firstZoom = (width: number): number => (width < PHONE_PIXELS ? MOST_ZOOM : 100);

/**
 * Which drawing shows notes of a size, and how wide it is then.
 *
 * zoom: percent of the size at which four bars a line fill the screen. No bar may run out of it,
 * so what is larger than that has two bars a line.
 */
export function paperOf(zoom: number, width: number): { isNarrow: boolean; width: number } {
  const wide = (width * zoom) / 100;
  if (wide * (1 - WIDE_MARGIN) <= width) return { isNarrow: false, width: wide };
  return { isNarrow: true, width: Math.min(width, (wide * NARROW_UNITS) / WIDE_UNITS) };
}
