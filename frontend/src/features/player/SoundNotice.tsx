"use client";

import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/Notice";
import { say } from "@/words";
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
        {say("player.loading", { percent: Math.round(sound.share * 100) })}
      </p>
    );
  }
  if (sound.kind === "ready") {
    return sound.isReduced ? (
      <p className="text-sm text-ink-soft">
        {say("player.in_mono")}
      </p>
    ) : null;
  }
  if (!canPlay) {
    return (
      <Notice kind="care" title={say("player.no_sound")}>
        {say("player.no_sound_help")}
      </Notice>
    );
  }
  if (sound.isPassing) {
    return (
      <Notice
        kind="care"
        title={say("player.not_come")}
        actions={<Button onClick={onAgain}>{say("common.try_again")}</Button>}
      >
        {say("player.not_come_help")}
      </Notice>
    );
  }
  return (
    <Notice kind="care" title={say("player.not_playable")}>
      {say("player.not_playable_help")}
    </Notice>
  );
}
