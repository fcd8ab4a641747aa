// Keeps the pages that are the same for everybody, so that the site opens without a connection, and takes photos that a phone's gallery
// shares. No answer of the API and no photo of the visitor's is ever kept. The build puts VERSION, PAGES and FILES in front.
/* global VERSION, PAGES, FILES */

const CACHE = `hili-${VERSION}`;
const SHARED = 'hili-shared';

/** Keeps every page in its reader's language, with all that it is made of. */
async function store() {
  const cache = await caches.open(CACHE);
  const files = new Set(FILES);
  await Promise.all(
    PAGES.map(async (path) => {
      const response = await fetch(path, { cache: 'no-cache' });
      if (!response.ok) throw new Error(`expected the page ${path} but received ${response.status}`);
      for (const [, file] of (await response.clone().text()).matchAll(/"(\/assets\/[^"]+)"/g)) files.add(file);
      await cache.put(path, response);
    }),
  );
  await cache.addAll([...files]);
}

/** Forgets what earlier versions kept. */
async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE && name !== SHARED).map((name) => caches.delete(name)));
}

/** A page as the server has it now; without a connection as it was kept, or the page that says so. */
async function page(request, { pathname, search }) {
  try {
    return await fetch(request);
  } catch {
    const kept = await caches.match(pathname, { cacheName: CACHE, ignoreVary: true });
    return kept ?? Response.redirect(`/offline?to=${encodeURIComponent(pathname + search)}`);
  }
}

/** A file whose name or version stands for its content. */
async function file(request) {
  const kept = await caches.match(request, { cacheName: CACHE, ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

/** Lays shared photos down where the page takes them up. */
async function takeShared(request) {
  const photos = (await request.formData()).getAll('photos').filter((photo) => photo instanceof File);
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  await Promise.all(
    photos.map((photo, at) => {
      const headers = { 'content-type': photo.type, 'x-name': encodeURIComponent(photo.name) };
      return cache.put(`/shared/${at}`, new Response(photo, { headers }));
    }),
  );
  return Response.redirect('/?shared', 303);
}

self.addEventListener('install', (event) => event.waitUntil(store()));
self.addEventListener('activate', (event) => event.waitUntil(tidy()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || /^\/(api|files|health)\b/.test(url.pathname)) return;
  if (request.method === 'POST' && url.pathname === '/share') event.respondWith(takeShared(request));
  else if (request.method !== 'GET') return;
  else if (request.mode === 'navigate') event.respondWith(page(request, url));
  else if (/^\/(assets|examples)\//.test(url.pathname) || FILES.includes(url.pathname))
    event.respondWith(file(request));
});
