import { useRef, type MouseEvent, type PointerEvent } from "react";

/** A finger that has gone farther drags. In pixels. */
const STILL_PIXELS = 8;

/** Where on the screen. */
export interface Point {
  clientX: number;
  clientY: number;
}

/**
 * What is asked for by the other button of the mouse, or by a long press.
 *
 * The browser says so of a finger after half a second, though it may be about to drag and only its first move be
 * late: on a busy page, or because somebody looks first. So it is waited for: one that goes on drags, and what was
 * asked for comes where it is lifted.
 *
 * @param ask false: there is nothing to ask for at that place, and the browser does what it does anywhere.
 */
export function useLongPress(ask: (at: Point) => boolean) {
  const finger = useRef<(Point & { hasMoved: boolean; isLong: boolean }) | null>(null);
  const lift = () => {
    const down = finger.current;
    finger.current = null;
    return down;
  };
  return {
    onPointerDown: ({ pointerType, isPrimary, clientX, clientY }: PointerEvent) => {
      finger.current = pointerType === "mouse" || !isPrimary ? null : { clientX, clientY, hasMoved: false, isLong: false };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const down = finger.current;
      if (down && Math.hypot(clientX - down.clientX, clientY - down.clientY) > STILL_PIXELS) down.hasMoved = true;
    },
    /** Whether a long press ends here, and nothing else is meant. */
    onPointerUp: (): boolean => {
      const down = lift();
      return down !== null && down.isLong && !down.hasMoved && ask(down);
    },
    onPointerCancel: () => void lift(),
    onContextMenu: (event: MouseEvent) => {
      const down = finger.current;
      if (down) down.isLong = true;
      if (down || ask(event)) event.preventDefault();
    },
  };
}
