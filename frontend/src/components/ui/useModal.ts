import { useLayoutEffect, useRef, type RefObject } from "react";

/**
 * Opens a dialog over the page for as long as it is there; give `onClose` to its element.
 *
 * Closed while it still stands in the document (a layout effect): only then does the browser give
 * the focus back to where it was. Otherwise the keyboard would begin at the top of the page again.
 */
export function useModal(closed: () => void): {
  ref: RefObject<HTMLDialogElement | null>;
  onClose: () => void;
} {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return {
    ref,
    // The event comes later; in development the dialog has been opened a second time by then.
    onClose: () => {
      if (!ref.current?.open) closed();
    },
  };
}
