"use client";

import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import type { SoundState } from "./usePlayer";

interface SoundNoticeProps {
  sound: SoundState;
  /** There is a device to play on, so the transcription at least can be heard. */
  canPlay: boolean;
  onAgain: () => void;
}

/** How it stands with the sound of the song, where that is not simply there. */
export function SoundNotice({ sound, canPlay, onAgain }: SoundNoticeProps) {
  if (sound.kind === "loading") {
    return (
      <p role="status" className="text-sm text-ink-soft">
        Loading the sound, {Math.round(sound.share * 100)} %
      </p>
    );
  }
  if (sound.kind === "ready") {
    return sound.isReduced ? (
      <p className="text-sm text-ink-soft">
        The song is long for the memory of this device, so it sounds in mono, perhaps without
        separate drums.
      </p>
    ) : null;
  }
  if (!canPlay) {
    return (
      <Notice kind="care" title="There is no sound here">
        This browser gives the page nothing to play on. The score and the downloads are complete.
      </Notice>
    );
  }
  if (sound.isPassing) {
    return (
      <Notice
        kind="care"
        title="The recording did not come"
        actions={<Button onClick={onAgain}>Try again</Button>}
      >
        The service did not answer, or the line broke off. Until then, play lets you hear the
        transcription.
      </Notice>
    );
  }
  return (
    <Notice kind="care" title="The recording cannot be played here">
      The transcription can: press play. The score and the downloads are complete.
    </Notice>
  );
}
