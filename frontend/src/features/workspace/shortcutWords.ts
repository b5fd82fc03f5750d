export type Shortcut = readonly [keys: readonly string[], meaning: string];

/** Every key of the editor and the player, as "?" lists them. "+": held together. */
export const SHORTCUTS: readonly { title: string; keys: readonly Shortcut[] }[] = [
  {
    title: "Anywhere",
    keys: [
      [["Space"], "play or pause"],
      [[",", "."], "a bar back, a bar on"],
      [["[", "]"], "slower, faster by 5 %"],
      [["l"], "loop four bars from here, or not"],
      [["n", "Shift+n"], "next or previous doubtful note"],
      [["?"], "these keys"],
    ],
  },
  {
    title: "On the stand",
    keys: [
      [["PageDown", "→", "↓", "Space"], "turn the page (pedals send these)"],
      [["PageUp", "←", "↑"], "turn it back"],
      [["Home", "End"], "to the first or the last page"],
      [["Esc"], "off the stand"],
    ],
  },
  {
    title: "On the drum grid",
    keys: [
      [["←", "→", "↑", "↓"], "move the cursor"],
      [["Enter"], "put a note there, or take it away"],
      [["1", "…", "9"], "loudness, from very soft to very loud"],
      [["g", "a", "f", "d"], "ghost, accent, flam, drag"],
      [["x", "r", "o"], "cross-stick, rimshot, open or closed hat"],
      [["Alt+←", "Alt+→", "Alt+↑", "Alt+↓"], "move the selected notes"],
      [["Shift+←", "Shift+→"], "the same, by hundredths of a beat"],
      [["Delete"], "remove the selected notes"],
      [["Ctrl+a"], "select the bar at the cursor"],
      [["Ctrl+c", "Ctrl+v"], "copy the selection, paste at the cursor"],
      [["Ctrl+z", "Ctrl+Shift+z"], "undo, redo"],
      [["+", "−"], "nearer, farther"],
      [["Esc"], "select nothing"],
    ],
  },
];
