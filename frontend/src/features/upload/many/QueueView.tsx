"use client";

import Link from "next/link";
import { useSyncExternalStore } from "react";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { jobAddress } from "@/lib/address";
import { fileSize } from "@/lib/format";
import { say } from "@/words";
import "@/words/songs";
import { QUEUE_ID } from "./goToQueue";
import { isEnded, isUnsent, type Hold, type QueueItem } from "./queueItem";
import type { SongQueue } from "./songQueue";

/** The songs that were handed in together: where each is, and what became of it. */
export function QueueView({ queue }: { queue: SongQueue }) {
  const { items, hold } = useSyncExternalStore(queue.subscribe, queue.snapshot);
  if (items.length === 0) return null;
  const ended = items.filter(isEnded);
  return (
    <section id={QUEUE_ID} aria-labelledby="queue-title" tabIndex={-1} className="mb-14 scroll-mt-6 outline-none">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 id="queue-title" className="text-2xl font-semibold">
          {say("queue.title")}
        </h2>
        <p role="status" className="text-ink-soft">
          {summary(items)}
        </p>
      </div>
      <HoldNotice hold={hold} onGoOn={() => queue.goOn()} />
      <ul className="mt-4 divide-y divide-line overflow-hidden rounded-3xl border border-line bg-stand">
        {items.map((item) => (
          <QueueRow
            key={item.id}
            item={item}
            canRetry={queue.canRetry(item.id)}
            onRetry={() => queue.retry(item.id)}
            onRemove={() => queue.remove([item.id])}
          />
        ))}
      </ul>
      <div className="mt-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="max-w-prose text-sm text-ink-faint">{keptWords(items)}</p>
        {ended.length > 0 ? (
          <Button look="bare" onClick={() => queue.remove(ended.map(({ id }) => id))}>
            {say("queue.clear")}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

function HoldNotice({ hold, onGoOn }: { hold: Hold | null; onGoOn: () => void }) {
  if (!hold) return null;
  const words =
    hold.name === "offline"
      ? { title: say("common.no_answer"), help: say("queue.offline_help") }
      : hold;
  return (
    <div className="mt-4">
      <Notice
        kind="care"
        title={words.title}
        actions={<Button onClick={onGoOn}>{hold.name === "offline" ? say("queue.try_again_now") : say("queue.go_on")}</Button>}
      >
        {words.help}
      </Notice>
    </div>
  );
}

function QueueRow({
  item, canRetry, onRetry, onRemove,
}: { item: QueueItem; canRetry: boolean; onRetry: () => void; onRemove: () => void }) {
  const { phase } = item;
  const jobId = "jobId" in phase ? phase.jobId : null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-5 py-3">
      <div className="min-w-0 flex-1 basis-40">
        <p className="truncate font-semibold">
          {jobId === null ? (
            item.name
          ) : (
            <Link href={jobAddress(jobId)} prefetch={false} className="underline decoration-line-strong underline-offset-4 hover:text-bronze">
              {item.name}
            </Link>
          )}
        </p>
        <p className={`text-sm ${phase.name === "failed" ? "text-alarm" : "text-ink-soft"}`}>
          {phaseWords(item)}
        </p>
      </div>
      <PhaseBar item={item} />
      {phase.name === "failed" && canRetry ? (
        <Button className="px-4 text-sm" onClick={onRetry} aria-label={say("queue.try_again_of", { name: item.name })}>
          {say("common.try_again")}
        </Button>
      ) : null}
      {isUnsent(item) || phase.name === "failed" ? (
        <Button look="bare" className="px-3 text-sm" onClick={onRemove} aria-label={say("queue.take_out_of", { name: item.name })}>
          {say("queue.take_out")}
        </Button>
      ) : null}
    </li>
  );
}

function PhaseBar({ item: { name, phase } }: { item: QueueItem }) {
  if (phase.name !== "sending" && phase.name !== "working") return null;
  const percent = phase.name === "sending" ? Math.round(phase.fraction * 100) : phase.progress;
  return (
    <progress
      className="slim-progress w-28"
      max={100}
      value={percent}
      aria-label={say(phase.name === "sending" ? "queue.upload_of" : "queue.progress_of", { name })}
    />
  );
}

function phaseWords({ phase, sizeBytes }: QueueItem): string {
  switch (phase.name) {
    case "waiting":
      return say("queue.waits", { size: fileSize(sizeBytes) });
    case "sending":
      return say("queue.sending", { percent: Math.round(phase.fraction * 100) });
    case "working":
      return phase.progress === 0 ? say("job.handed_in") : say("queue.writing", { percent: phase.progress });
    case "done":
      return say("job.status.completed");
    case "failed":
      return phase.reason;
  }
}

function summary(items: readonly QueueItem[]): string {
  const count = (name: QueueItem["phase"]["name"]) => items.filter(({ phase }) => phase.name === name).length;
  const under = count("sending") + count("working");
  return [
    say("count.songs", { count: items.length }),
    count("done") > 0 ? say("queue.done", { count: count("done") }) : null,
    under > 0 ? say("queue.under_way", { count: under }) : null,
    count("waiting") > 0 ? say("queue.waiting", { count: count("waiting") }) : null,
    count("failed") > 0 ? say("queue.failed", { count: count("failed") }) : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

function keptWords(items: readonly QueueItem[]): string {
  const unsent = items.filter(isUnsent);
  if (unsent.length === 0) return say("queue.all_in");
  const loose = unsent.filter(({ isKept }) => !isKept);
  if (loose.length === 0) {
    return say("queue.kept");
  }
  return loose.length === unsent.length
    ? say("queue.loose_all")
    : say("queue.loose_some", { count: loose.length });
}
