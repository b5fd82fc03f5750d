import type { Download } from "@/api/client";
import { say, type PlainKey } from "@/words";

interface FormatWords {
  name: string;
  what: string;
}

type Text = PlainKey & `files.${string}`;

/** What is said of each format: what it is for, and its name where it is not the same everywhere. */
const GROUPS: readonly {
  title: Text;
  formats: Readonly<Record<string, { what: Text; name: { said: Text } | { same: string } }>>;
}[] = [
  {
    title: "files.for_the_stand",
    formats: {
      pdf: { name: { same: "PDF" }, what: "files.pdf" },
      svg: { name: { same: "SVG" }, what: "files.svg" },
      "svg-narrow": { name: { said: "files.svg_narrow_name" }, what: "files.svg_narrow" },
      tab: { name: { said: "files.tab_name" }, what: "files.tab" },
    },
  },
  {
    title: "files.to_write",
    formats: {
      musicxml: { name: { same: "MusicXML" }, what: "files.musicxml" },
      gp: { name: { same: "Guitar Pro" }, what: "files.gp" },
      midi: { name: { said: "files.midi_name" }, what: "files.midi" },
      "midi-performance": { name: { said: "files.midi_performance_name" }, what: "files.midi_performance" },
    },
  },
  {
    title: "files.to_play",
    formats: {
      backing: { name: { said: "files.backing_name" }, what: "files.backing" },
      drums: { name: { said: "files.drums_name" }, what: "files.drums" },
      original: { name: { said: "files.original_name" }, what: "files.original" },
      recording: { name: { said: "files.recording_name" }, what: "files.recording" },
    },
  },
  {
    title: "files.to_compute",
    formats: {
      json: { name: { same: "JSON" }, what: "files.json" },
      csv: { name: { same: "CSV" }, what: "files.csv" },
      timemap: { name: { said: "files.timemap_name" }, what: "files.timemap" },
    },
  },
];

const wordsOf = ({ name, what }: (typeof GROUPS)[number]["formats"][string]): FormatWords => ({
  name: "same" in name ? name.same : say(name.said),
  what: say(what),
});

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
    title: say(title),
    files: Object.entries(formats).flatMap(([format, words]) => {
      const download = byFormat.get(format);
      byFormat.delete(format);
      return download ? [{ ...wordsOf(words), download }] : [];
    }),
  }));
  for (const [format, download] of byFormat) {
    groups.at(-1)?.files.push({ name: format, what: download.media_type, download });
  }
  return groups.filter((group) => group.files.length > 0);
}
