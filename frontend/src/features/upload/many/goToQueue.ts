export const QUEUE_ID = "queue";

/** Brings the queue into view once it is drawn, for the keyboard too. */
export function goToQueue(): void {
  requestAnimationFrame(() => {
    const section = document.getElementById(QUEUE_ID);
    section?.focus({ preventScroll: true });
    section?.scrollIntoView({ block: "start" });
  });
}
