"use client";

import { useState } from "react";
import { Button } from "@/components/ui/Button";
import { say } from "@/words";

/** Where an address of this host leads for somebody who sits at another computer. */
const isOnlyHere = (host: string): boolean => /^(localhost|127\.|\[::1\]$)/.test(host);

/** Gives the address of the song away: to the device's own sheet, else to the clipboard. */
export function ShareButton({ title }: { title: string }) {
  const [said, setSaid] = useState<string | null>(null);
  const share = async () => {
    const url = location.href;
    const withPlace = (words: string) =>
      isOnlyHere(location.hostname) ? `${words} ${say("share.here_only")}` : words;
    if (matchMedia("(pointer: coarse)").matches && "share" in navigator) {
      try {
        return await navigator.share({ title, url });
      } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") return;
      }
    }
    try {
      await navigator.clipboard.writeText(url);
      setSaid(withPlace(say("share.copied")));
    } catch {
      // Not every browser lets a page at the clipboard; then it is copied by hand.
      setSaid(withPlace(say("share.this_is_it", { url })));
    }
  };
  return (
    <>
      <Button className="px-4" onClick={() => void share()}>
        {say("share.share")}
      </Button>
      <p role="status" className="basis-full text-sm break-all text-ink-soft empty:hidden">
        {said}
      </p>
    </>
  );
}
