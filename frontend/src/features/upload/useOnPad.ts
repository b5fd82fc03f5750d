import { useRef, useState } from "react";
import { say } from "@/words";
import type { Limits } from "./checkFile";
import { loadChosenForm, loadMany } from "./chosenLater";
import type { Found } from "./many/found";
import type { Sifted } from "./many/sift";
import type { OptionFields } from "./optionFields";
import type { Song } from "./sendSong";

/** What lies on the pad. */
export type OnPad =
  /** options: what was said of it, null before; longSeconds: how long it plays, where that is too long. */
  | { kind: "song"; song: Song; options: OptionFields | null; longSeconds: number | null }
  | { kind: "many"; sifted: Sifted };

const EXAMPLE = { address: "/example/funk-rock.flac", name: "Funk Rock (example).flac" };

/**
 * What was chosen, looked at, and what is wrong with it.
 *
 * changed: is told that something else is chosen; seen: that its title stands there.
 */
export function useOnPad(limits: Limits | undefined, { changed, seen }: { changed: () => void; seen: () => void }) {
  const [chosen, setChosen] = useState<OnPad | null>(null);
  const [mistake, setMistake] = useState<string | null>(null);
  // Looking at a file and fetching the example take a moment: what was chosen last counts.
  const turn = useRef(0);
  const nextTurn = () => {
    changed();
    setMistake(null);
    turn.current += 1;
    return turn.current;
  };
  const show = (next: OnPad) => {
    setChosen(next);
    requestAnimationFrame(seen);
  };
  const refuse = (words: string) => {
    setChosen(null);
    setMistake(words);
  };

  const chooseFile = async (file: File) => {
    const mine = nextTurn();
    const look = await loadChosenForm().then(
      ({ lookAt }) => lookAt(file, limits),
      () => ({ isTaken: false as const, refusal: say("start.nobody_listening") }),
    );
    if (mine !== turn.current) return;
    if (look.isTaken) show({ kind: "song", song: { kind: "file", file }, ...look });
    else refuse(look.refusal);
  };
  const chooseFiles = async (found: Found[]) => {
    const [only] = found;
    if (found.length === 1 && only && !isZip(only.file)) return chooseFile(only.file);
    const mine = nextTurn();
    const sifted = await loadMany().then(([{ sift }]) => sift(found, limits), () => null);
    if (mine !== turn.current) return;
    if (sifted) show({ kind: "many", sifted });
    else refuse(say("start.nobody_listening"));
  };
  const chooseLink = (url: string) => {
    nextTurn();
    show({ kind: "song", song: { kind: "link", url }, options: null, longSeconds: null });
  };
  /** The song of the example; null where it did not come, or something else was chosen meanwhile. */
  const chooseExample = async (): Promise<Song | null> => {
    const mine = nextTurn();
    const blob = await fetch(EXAMPLE.address).then(
      (answer) => (answer.ok ? answer.blob() : null),
      () => null,
    );
    if (mine !== turn.current) return null;
    if (!blob) {
      refuse(say("start.example_missing"));
      return null;
    }
    const song: Song = { kind: "file", file: new File([blob], EXAMPLE.name, { type: "audio/flac" }) };
    setChosen({ kind: "song", song, options: null, longSeconds: null });
    return song;
  };
  const startOver = () => {
    nextTurn();
    setChosen(null);
  };
  const setOptions = (options: OptionFields) =>
    setChosen((now) => (now?.kind === "song" ? { ...now, options } : now));
  return {
    chosen, mistake, refuseFor: setMistake, chooseFiles, chooseLink, chooseExample, setOptions, startOver,
  };
}

const isZip = (file: File): boolean => /\.zip$/i.test(file.name) || file.type === "application/zip";
