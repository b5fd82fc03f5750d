import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Loop } from "@/music/loop";
import { useAudition } from "./useAudition";

const MINE: Loop = { startSeconds: 1, endSeconds: 2 };
const FIRST: Loop = { startSeconds: 5, endSeconds: 9 };
const SECOND: Loop = { startSeconds: 20, endSeconds: 24 };

/** A player that does what it is told. */
function player(loop: Loop | null) {
  const state = { loop, isPlaying: false };
  const engine = { setLoop: (next: Loop | null) => void (state.loop = next) };
  let isOpen = true;
  const { result, rerender } = renderHook(() => useAudition(engine, { ...state }, isOpen));
  const then = (change: () => void) => {
    act(change);
    rerender();
  };
  return {
    state,
    listen: (next: Loop) => then(() => result.current(next)),
    play: (isPlaying: boolean) => then(() => void (state.isPlaying = isPlaying)),
    setLoop: (next: Loop) => then(() => engine.setLoop(next)),
    close: () => then(() => void (isOpen = false)),
  };
}

test.each([null, MINE])("loop_from_before_%j_is_back_once_the_song_is_paused", (before) => {
  const { state, listen, play } = player(before);
  listen(FIRST);
  play(true);
  listen(SECOND);
  expect(state.loop).toBe(SECOND);
  play(false);
  expect(state.loop).toBe(before);
});

test("loop_from_before_is_back_once_the_panel_is_closed", () => {
  const { state, listen, play, close } = player(null);
  listen(FIRST);
  play(true);
  close();
  expect(state.loop).toBeNull();
});

test("loop_that_is_set_while_listening_stays", () => {
  const { state, listen, play, setLoop } = player(null);
  listen(FIRST);
  play(true);
  setLoop(MINE);
  play(false);
  expect(state.loop).toBe(MINE);
});
