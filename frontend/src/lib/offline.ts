/**
 * Lets opened songs be read without a network, where the browser allows it (on https, or on one's
 * own machine). Beside the work: nothing is missing where it does not come.
 */
export function keepSongsOffline(): void {
  if (process.env.NODE_ENV !== "production" || !("serviceWorker" in navigator)) return;
  const isFirstVisit = navigator.serviceWorker.controller === null;
  navigator.serviceWorker
    .register("/offline-songs.js")
    .then(() => navigator.serviceWorker.ready)
    .then(({ active }) => {
      const resources = isFirstVisit ? performance.getEntriesByType("resource") : [];
      // Views that one has come to by a link within the page were never asked for as such.
      active?.postMessage({ loaded: ["/", "/jobs/", ...resources.map(({ name }) => name)] });
    })
    .catch(() => undefined);
}
