import { useEffect } from "react";

/** Keeps the screen alight while a view is there; some browsers and batteries say no. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let isGone = false;
    const ask = async () => {
      if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (isGone) void lock.release();
      } catch {
        lock = null;
      }
    };
    void ask();
    // The browser lets go of it when the page is hidden.
    const again = () => void ask();
    document.addEventListener("visibilitychange", again);
    return () => {
      isGone = true;
      document.removeEventListener("visibilitychange", again);
      void lock?.release();
    };
  }, []);
}
