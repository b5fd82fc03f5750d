/** Room that is left between a line of the score and whatever covers the page. */
const MARGIN_PIXELS = 24;
/** Above the lower edge where nothing covers it: the next line announces itself. */
const FREE_MARGIN_PIXELS = 96;

/** What the player covers at the top of the window, and the drum grid at its foot. */
function covered(selector: string): number {
  const dock = document.querySelector(selector);
  if (!dock || getComputedStyle(dock).position !== "sticky") return 0;
  return dock.getBoundingClientRect().height;
}

/**
 * Scrolls until a bar of the score can be seen, with its whole line where there is room; not at
 * all where it can be seen already. frame: what scrolls sideways, if the score is wider.
 */
export function bringBarIntoView(bar: Element, frame: HTMLElement | null): void {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const box = (bar.closest(".system") ?? bar).getBoundingClientRect();
  const player = covered(".player-dock");
  const grid = covered(".editor-dock");
  const top = Math.max(FREE_MARGIN_PIXELS, player + 16 + MARGIN_PIXELS);
  const foot = grid > 0 ? grid + MARGIN_PIXELS : FREE_MARGIN_PIXELS;
  const isSeen = box.top >= top && box.bottom <= innerHeight - foot;
  if (!isSeen) scrollTo({ top: scrollY + box.top - top - 8, behavior });
  if (!frame || frame.scrollWidth <= frame.clientWidth) return;
  const own = bar.getBoundingClientRect();
  const outer = frame.getBoundingClientRect();
  if (own.left < outer.left || own.right > outer.right) {
    frame.scrollTo({ left: frame.scrollLeft + own.left - outer.left - 16, behavior });
  }
}
