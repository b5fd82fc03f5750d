/** The look of a switch of the player. */
export const CHIP =
  "min-h-11 cursor-pointer rounded-full border border-line-strong px-3.5 text-sm aria-pressed:border-pad aria-pressed:bg-pad aria-pressed:text-white aria-expanded:border-pad aria-expanded:bg-pad aria-expanded:text-white disabled:opacity-50";
