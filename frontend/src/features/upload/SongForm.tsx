import { Button } from "@/components/ui/Button";
import { say } from "@/words";
import "@/words/form";
import type { Song, SongOptions } from "./sendSong";
import { NO_OPTIONS, optionErrors, saidOptions, type OptionFields } from "./optionFields";
import { SongOptionsFields } from "./SongOptions";

/** What is known about the chosen song, and the way on: send it, stop it, take another. */
export function SongForm({
  song,
  options: said,
  fraction,
  isPartOnly,
  onOptions,
  onSend,
  onCancel,
  onStartOver,
}: {
  song: Song;
  /** What was said so far; null: nothing. */
  options: OptionFields | null;
  /** What has been sent, 0 to 1; null before it is. */
  fraction: number | null;
  /** The song is too long: which part is heard must be seen. */
  isPartOnly: boolean;
  onOptions: (options: OptionFields) => void;
  onSend: (said: SongOptions) => void;
  onCancel: () => void;
  onStartOver: () => void;
}) {
  const options = said ?? NO_OPTIONS;
  const hasErrors = Object.keys(optionErrors(options)).length > 0;
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (!hasErrors) onSend(saidOptions(options));
      }}
    >
      {fraction !== null ? (
        <Sending fraction={fraction} />
      ) : (
        <details open={isPartOnly || undefined} className="group rounded-2xl border border-line bg-stand">
          <summary className="cursor-pointer rounded-2xl px-5 py-3.5 font-semibold">
            {say("form.more")}
            <span className="ml-2 font-normal text-ink-faint">{say("form.optional")}</span>
          </summary>
          <div className="px-5 pt-1 pb-5">
            <SongOptionsFields song={song} fields={options} onChange={onOptions} />
          </div>
        </details>
      )}
      <div className="flex flex-wrap gap-2">
        {/* Keys: the same element turned into the other would send the form by this very press. */}
        {fraction !== null ? (
          <Button key="stop" onClick={onCancel}>
            {say("form.stop")}
          </Button>
        ) : (
          <>
            <Button key="send" type="submit" look="primary" disabled={hasErrors}>
              {say("form.write")}
            </Button>
            <Button onClick={onStartOver}>{say("start.take_another")}</Button>
          </>
        )}
      </div>
    </form>
  );
}

function Sending({ fraction }: { fraction: number }) {
  const percent = Math.round(fraction * 100);
  return (
    <p role="status" className="text-lg">
      {fraction < 1 ? (
        <>
          {say("form.sending")}{" "}
          <progress value={percent} max={100} className="sr-only" aria-label={say("form.upload")}>
            {percent} %
          </progress>
          <span className="tabular-nums">{percent} %</span>
        </>
      ) : (
        say("form.arrived_waiting")
      )}
    </p>
  );
}
