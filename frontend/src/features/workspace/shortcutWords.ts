import { sayIfKnown, type PlainKey } from "@/words";

export type Shortcut = readonly [keys: readonly string[], meaning: PlainKey];

/** Every key of the editor and the player, as "?" lists them. "+": held together. */
export const SHORTCUTS: readonly { title: PlainKey; keys: readonly Shortcut[] }[] = [
  {
    title: "keys.anywhere",
    keys: [
      [["Space"], "keys.play"],
      [[",", "."], "keys.bars"],
      [["[", "]"], "keys.speed"],
      [["l"], "keys.loop"],
      [["b"], "keys.bar_menu"],
      [["t"], "keys.tap"],
      [["n", "Shift+n"], "keys.doubtful"],
      [["Ctrl+z", "Ctrl+Shift+z"], "keys.undo"],
      [["?"], "keys.these"],
    ],
  },
  {
    title: "keys.on_the_stand",
    keys: [
      [["PageDown", "→", "↓", "Space"], "keys.turn"],
      [["PageUp", "←", "↑"], "keys.turn_back"],
      [["Home", "End"], "keys.ends"],
      [["Esc"], "keys.off_stand"],
    ],
  },
  {
    title: "keys.on_the_grid",
    keys: [
      [["←", "→", "↑", "↓"], "keys.cursor"],
      [["Enter"], "keys.put"],
      [["1", "…", "9"], "keys.loudness"],
      [["g", "a", "f", "d"], "keys.kinds"],
      [["x", "r", "o"], "keys.strokes"],
      [["Shift+r", "Shift+l", "Shift+b"], "keys.hands"],
      [["Shift+a"], "keys.alternate"],
      [["Alt+←", "Alt+→", "Alt+↑", "Alt+↓"], "keys.move"],
      [["Shift+←", "Shift+→"], "keys.move_finely"],
      [["Delete"], "keys.remove"],
      [["Ctrl+a"], "keys.select_bar"],
      [["Ctrl+c", "Ctrl+v"], "keys.copy"],
      [["+", "−"], "keys.zoom"],
      [["Esc"], "keys.nothing"],
    ],
  },
];

/** A key as it stands on the keyboard of the reader's language. */
export function keyWords(key: string): string {
  if (key.length === 1) return key;
  return key
    .split("+")
    .map((part) => sayIfKnown(`keys.key.${part}`) ?? part)
    .join(" + ");
}
