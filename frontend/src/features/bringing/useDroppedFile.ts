import { useEffect, useRef, useState } from "react";

/**
 * Files that are dropped anywhere on the page; whether some are held over it.
 *
 * Without a taker (while one is read) they fall to the ground.
 */
export function useDroppedFile(onFiles: ((files: File[]) => void) | null): boolean {
  const [isOver, setOver] = useState(false);
  const take = useRef(onFiles);
  useEffect(() => {
    take.current = onFiles;
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = take.current ? "copy" : "none";
      setOver(take.current !== null);
    };
    // It leaves the window where it comes from nowhere else on the page.
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      const files = [...event.dataTransfer.files];
      if (files.length > 0) take.current?.(files);
    };
    // Before those who let files fall to the ground.
    const first = { capture: true };
    addEventListener("dragover", over, first);
    addEventListener("dragleave", leave, first);
    addEventListener("drop", drop, first);
    return () => {
      removeEventListener("dragover", over, first);
      removeEventListener("dragleave", leave, first);
      removeEventListener("drop", drop, first);
    };
  }, []);
  return isOver;
}
