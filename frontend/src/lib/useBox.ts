import { useEffect, useState, type RefObject } from "react";

/** Width and height of an element in pixels, kept up to date; 0 until it is laid out. */
export function useBox(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [box, setBox] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const root = element.current;
    if (!root) return;
    const sizes = new ResizeObserver(() => setBox({ width: root.clientWidth, height: root.clientHeight }));
    sizes.observe(root);
    return () => sizes.disconnect();
  }, [element]);
  return box;
}
