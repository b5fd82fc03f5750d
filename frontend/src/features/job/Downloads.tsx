import type { Download } from "@/api/client";
import { buttonStyle } from "@/components/ui/Button";
import { fileSize } from "@/lib/format";
import { say } from "@/words";
import { MAIN_FORMATS, sortedDownloads, type NamedDownload } from "./downloads";

/** The address with the version in it, so that no cache gives out the page from before an edit. */
const addressOf = (download: Download, version: number): string =>
  `${download.url}?version=${version}`;

export function MainDownloads({
  downloads,
  version,
}: {
  downloads: readonly Download[];
  version: number;
}) {
  const names: Readonly<Record<string, string>> = { pdf: "PDF", musicxml: "MusicXML", midi: "MIDI" };
  return (
    <>
      {MAIN_FORMATS.map((format, index) => {
        const download = downloads.find((entry) => entry.format === format);
        return download ? (
          <a
            key={format}
            href={addressOf(download, version)}
            download={download.filename}
            className={buttonStyle(index === 0 ? "primary" : "quiet", "px-4")}
          >
            {names[format]}
            <span className="sr-only">{say("files.download_suffix")}</span>
          </a>
        ) : null;
      })}
    </>
  );
}

export function AllDownloads({
  downloads,
  version,
}: {
  downloads: readonly Download[];
  version: number;
}) {
  const { leading, more } = sortedDownloads(downloads);
  return (
    <>
      <FileList files={leading} version={version} />
      {more.length > 0 ? (
        <details className="mt-4">
          <summary className="min-h-11 cursor-pointer py-2.5 font-semibold">{say("files.more")}</summary>
          <div className="mt-2 grid gap-x-8 gap-y-6 sm:grid-cols-2">
            {more.map((group) => (
              <div key={group.title}>
                <h3 className="text-sm font-semibold text-ink-soft">{group.title}</h3>
                <FileList files={group.files} version={version} />
              </div>
            ))}
          </div>
        </details>
      ) : null}
    </>
  );
}

function FileList({ files, version }: { files: readonly NamedDownload[]; version: number }) {
  return (
    <ul className="mt-1 divide-y divide-line border-y border-line">
      {files.map(({ name, what, download }) => (
        <li key={download.format}>
          <a
            href={addressOf(download, version)}
            download={download.filename}
            className="flex min-h-11 items-baseline gap-x-3 py-2.5 hover:text-bronze"
          >
            <span className="font-semibold underline decoration-line-strong underline-offset-4">
              {name}
            </span>
            <span className="min-w-0 flex-1 text-sm text-ink-soft">{what}</span>
            <span className="text-sm whitespace-nowrap text-ink-faint tabular-nums">
              {download.size_bytes === null ? null : fileSize(download.size_bytes)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
