/*
  What lets opened songs be read and played without a network: a service worker that keeps the page
  and every song that was opened, and gives out what it has where the service does not answer. While
  the service answers, its answer counts: nothing here is ever older than what it says.
*/
const PAGE = "drumscribe-page-1";
const SONGS = "drumscribe-songs-1";
/** Songs take some megabytes each, with their sound. */
const MOST_SONGS = 30;
/** Files of the page; those of earlier builds go in time. */
const MOST_FILES = 300;
const SONG = /^\/api\/v1\/jobs\/([0-9a-f-]{36})(?:\/(?:result|download\/(?:svg|svg-narrow|timemap|recording|drums|backing)))?$/;
/** What the service says of a song that was deleted, and of one whose files were not kept. */
const GONE = new Set(["job_not_found", "result_expired"]);
const LISTS = /^\/api\/v1\/(?:jobs|set-lists)$/;
const VIEWS = /^\/(?:jobs\/)?$/;
const FILES = /^\/(?:worklets\/[\w.-]+|[\w./-]+\.(?:svg|ico|txt|webmanifest))$/;
/** Their names say what is in them: they never change. */
const FOR_EVER = /^\/_next\/static\//;

const songOf = (path) => SONG.exec(path)?.[1];

/** In which cache an address is kept; null where it is none of our business. */
function cacheOf({ origin, pathname, searchParams }) {
  if (origin !== self.location.origin) return null;
  if (songOf(pathname)) return SONGS;
  if (LISTS.test(pathname)) return searchParams.has("cursor") ? null : PAGE;
  return [VIEWS, FILES, FOR_EVER].some((kind) => kind.test(pathname)) ? PAGE : null;
}

// Where something before the service forbids this worker to ask for anything, it is not installed:
// a page that it could not answer would be lost.
self.addEventListener("install", (event) => {
  event.waitUntil(fetch("/manifest.webmanifest").then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("drumscribe-") && name !== PAGE && name !== SONGS;
  const tidy = caches.keys().then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))));
  event.waitUntil(tidy.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const name = cacheOf(url);
  if (name === null) return;
  if (request.method === "DELETE" && name === SONGS) event.respondWith(deleted(request, songOf(url.pathname)));
  else if (request.method === "GET") event.respondWith(answerOf(request, url, name));
});

/** What the page wants kept beside what it asks for: its views, and what came before this worker. */
self.addEventListener("message", (event) => {
  const urls = (event.data?.loaded ?? []).map((one) => new URL(one, self.location.origin));
  const wanted = urls.filter((url) => cacheOf(url) !== null);
  event.waitUntil(Promise.allSettled(wanted.map((url) => answerOf(new Request(url), url, cacheOf(url)))));
});

/** The service's answer, kept; the one of before where none comes. */
async function answerOf(request, url, name) {
  const cache = await caches.open(name);
  // Not by the query: of a page that was edited only the newest version is worth its room.
  const key = url.pathname;
  if (FOR_EVER.test(key)) {
    const known = await cache.match(key);
    if (known) return known;
  }
  let answer;
  try {
    answer = await fetch(request);
  } catch (error) {
    const known = await cache.match(key);
    if (known) return known;
    throw error;
  }
  if (name === SONGS && (await isGone(answer))) await dropped(songOf(key));
  // Half an answer (a range), and one that says no, is not worth keeping.
  if (answer.status === 200 && !answer.redirected) {
    // Not waited for: the page has its answer at once. A full disk keeps nothing.
    void cache.put(key, answer.clone()).then(() => tidied(name, key)).catch(() => undefined);
  }
  return answer;
}

/** Songs that went while this worker runs: what was asked of them before may come after that. */
const gone = new Set();

/** What is deleted is gone from here as well, whoever was faster. */
async function deleted(request, song) {
  const answer = await fetch(request);
  if (answer.ok || (await isGone(answer))) await dropped(song);
  return answer;
}

async function dropped(song) {
  gone.add(song);
  await forgetSong(song);
}

/** By its words: a single file may be missing, too, and what stands before the service has a 404 of its own. */
async function isGone(answer) {
  if (answer.status !== 404 && answer.status !== 410) return false;
  const said = await answer.clone().json().catch(() => null);
  return GONE.has(said?.code);
}

const forgetSong = (song) => forget(SONGS, (path) => songOf(path) === song);

/** After something was kept. */
const tidied = (name, key) => (gone.has(songOf(key)) ? forgetSong(songOf(key)) : makeRoom(name, key));

/** What was kept first goes first, but never what was kept just now. */
async function makeRoom(name, key) {
  const cache = await caches.open(name);
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  const unitOf = name === SONGS ? songOf : (path) => path;
  const units = [...new Set(paths.map(unitOf))].filter((unit) => unit !== unitOf(key));
  const most = name === SONGS ? MOST_SONGS : MOST_FILES;
  const old = new Set(units.slice(0, Math.max(0, units.length + 1 - most)));
  if (old.size > 0) await forget(name, (path) => old.has(unitOf(path)));
}

async function forget(name, isMeant) {
  const cache = await caches.open(name);
  for (const request of await cache.keys()) {
    if (isMeant(new URL(request.url).pathname)) await cache.delete(request);
  }
}
