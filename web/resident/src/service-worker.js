/* global caches, kept, version */
// The page and its files work without a network; answers of the server are never kept here. `version` and `kept` are written before this text by
// the build (vite.config.ts).
const name = `hutong-resident-${version}`;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(name)
      .then((cache) => cache.addAll(kept))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names.filter((old) => old.startsWith('hutong-resident-') && old !== name).map((old) => caches.delete(old)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

/** A page: the newest that comes within three seconds, else the kept one. */
async function page(request) {
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(3000) });
    if (fresh.ok) return fresh;
  } catch {
    // No network: the kept page below.
  }
  return (await caches.match('/resident/')) ?? Response.error();
}

async function file(request) {
  const found = await caches.match(request);
  if (found) return found;
  const fresh = await fetch(request);
  if (fresh.ok) (await caches.open(name)).put(request, fresh.clone());
  return fresh;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || !pathname.startsWith('/resident/')) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request));
});
