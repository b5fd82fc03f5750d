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
      // Views that one has come to by a link within the page were never asked for as such; what such a
      // link asks for may have come while the worker was on its way, and is in neither list.
      const views = ["/", "/jobs/"].flatMap((view) => [view, `${view}index.txt`]);
      active?.postMessage({ loaded: views });
      if (!isFirstVisit) return;
      // What was asked for before the worker was there, be it that it comes long after.
      const tell = (list: PerformanceObserverEntryList) => {
        const past = (list.getEntries() as PerformanceResourceTiming[]).filter(({ workerStart }) => workerStart === 0);
        active?.postMessage({ loaded: past.map(({ name }) => name) });
      };
      new PerformanceObserver(tell).observe({ type: "resource", buffered: true });
    })
    .catch(() => undefined);
}
