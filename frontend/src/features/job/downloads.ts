import type { Download } from "@/api/client";

interface FormatWords {
  name: string;
  what: string;
}

const GROUPS: readonly { title: string; formats: Readonly<Record<string, FormatWords>> }[] = [
  {
    title: "For the stand",
    formats: {
      pdf: { name: "PDF", what: "to print" },
      svg: { name: "SVG", what: "the page as a drawing" },
      "svg-narrow": { name: "SVG for a phone", what: "two bars a line" },
      tab: { name: "Drum tab", what: "as plain text" },
    },
  },
  {
    title: "To go on writing",
    formats: {
      musicxml: { name: "MusicXML", what: "MuseScore, Dorico, Sibelius" },
      gp: { name: "Guitar Pro", what: "score and tab" },
      midi: { name: "MIDI, straight", what: "as written" },
      "midi-performance": { name: "MIDI, as played", what: "with the drummer's timing" },
    },
  },
  {
    title: "To play along",
    formats: {
      backing: { name: "Without drums", what: "the band waits for you" },
      drums: { name: "Drums alone", what: "to listen closely" },
      original: { name: "The recording", what: "the file as you handed it in" },
      recording: { name: "The recording as heard", what: "in time with the page, in FLAC" },
    },
  },
  {
    title: "To compute with",
    formats: {
      json: { name: "JSON", what: "every hit, beat and setting" },
      csv: { name: "CSV", what: "hits as a table" },
      timemap: { name: "Time map", what: "when each bar sounds" },
    },
  },
];

/** What most people came for, in this order; everything else stands under "More formats". */
const LEADING: readonly string[] = ["pdf", "musicxml", "midi", "backing", "recording"];

/** The leading downloads with their words, and all others in groups. */
export function sortedDownloads(downloads: readonly Download[]): {
  leading: NamedDownload[];
  more: { title: string; files: NamedDownload[] }[];
} {
  const groups = groupedDownloads(downloads);
  const all = groups.flatMap(({ files }) => files);
  const leading = LEADING.flatMap((format) => all.find(({ download }) => download.format === format) ?? []);
  const more = groups.map(({ title, files }) => ({ title, files: files.filter((file) => !leading.includes(file)) }));
  return { leading, more: more.filter(({ files }) => files.length > 0) };
}

/** What stands beside the title. */
export const MAIN_FORMATS: readonly string[] = ["pdf", "musicxml", "midi"];

export interface NamedDownload extends FormatWords {
  download: Download;
}

/** The downloads that there are, in groups; what is not known here stands in the last one. */
function groupedDownloads(
  downloads: readonly Download[],
): { title: string; files: NamedDownload[] }[] {
  const byFormat = new Map(downloads.map((download) => [download.format, download]));
  const groups = GROUPS.map(({ title, formats }) => ({
    title,
    files: Object.entries(formats).flatMap(([format, words]) => {
      const download = byFormat.get(format);
      byFormat.delete(format);
      return download ? [{ ...words, download }] : [];
    }),
  }));
  for (const [format, download] of byFormat) {
    groups.at(-1)?.files.push({ name: format, what: download.media_type, download });
  }
  return groups.filter((group) => group.files.length > 0);
}
