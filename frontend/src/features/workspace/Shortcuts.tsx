"use client";

import { Button } from "@/components/ui/Button";
import { useModal } from "@/components/ui/useModal";
import { say } from "@/words";
import { keyWords, SHORTCUTS } from "./shortcutWords";

/** All keys, on a card over the page. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const modal = useModal(onClose);
  return (
    <dialog
      {...modal}
      aria-labelledby="shortcuts-title"
      className="m-auto w-[min(36rem,calc(100vw-2rem))] rounded-3xl border border-line bg-page p-6 text-ink shadow-2xl backdrop:bg-black/50"
    >
      <h2 id="shortcuts-title" className="text-xl font-semibold">
        {say("keys.title")}
      </h2>
      {SHORTCUTS.map(({ title, keys: entries }) => (
        <section key={title} className="mt-4">
          <h3 className="text-sm font-semibold text-ink-soft">{say(title)}</h3>
          <dl className="mt-1 grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-5 gap-y-1.5 text-sm">
            {entries.map(([keys, meaning]) => (
              <div key={meaning} className="contents">
                <dt className="flex flex-wrap content-start gap-1">
                  {keys.map((key) => (
                    <kbd key={key} className="rounded border border-line-strong bg-stand px-1.5 font-sans leading-5">
                      {keyWords(key)}
                    </kbd>
                  ))}
                </dt>
                <dd className="text-ink-soft">{say(meaning)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <div className="mt-6 text-right">
        <Button autoFocus onClick={onClose}>
          {say("common.close")}
        </Button>
      </div>
    </dialog>
  );
}
