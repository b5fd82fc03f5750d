import type { components } from "@/api/client";

type Brought = components["schemas"]["BroughtOut"];

const notes = (n: number): string => (n === 1 ? "1 note" : `${n} notes`);

/** What became of the notes: "312 notes kept, 14 added, 3 removed." */
export function changesWords({ kept, changed, added, removed }: Brought): string {
  const parts = [`${notes(kept)} kept`];
  if (changed > 0) parts.push(`${changed} changed`);
  if (added > 0) parts.push(`${added} added`);
  if (removed > 0) parts.push(`${removed} removed`);
  return `${parts.join(", ")}.`;
}

/** How the places of the file were found in the recording. */
export const ALIGNED: Record<Brought["aligned_by"], string> = {
  bars: "Bar by bar.",
  positions: "Counted through from bar 1.",
  likeness: "Bars were put in or taken out; the others are known by their notes.",
  time: "By time, from the start of the recording.",
  document: "With the times and bars of the file.",
};

export const WORDS = {
  button: "Bring a score back",
  file: "Corrected score",
  drop: "Drop a corrected score here",
  dropHelp: "MusicXML, MIDI or JSON becomes the score of this recording.",
  busy: "Reading the score ...",
  done: (name: string): string => `The notes are now those of ${name}`,
  undo: "Undo",
  close: "Close",
  undone: "The score is as it was before.",
  refused: "The file was not taken",
  nothingChanged: "The score is as it was.",
  notAScore:
    "Expected MusicXML (.musicxml, .xml, .mxl), MIDI (.mid) or JSON from here. A recording is handed in on the first page.",
  oneAtATime: "Expected one file, for this song.",
  notSaved: "Your last edits are not saved yet. Bring the score back when they are.",
} as const;
