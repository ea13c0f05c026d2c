// Keeps the app's shell and what the visited pages are made of, each build in a cache of its own, for the moments
// without a network. Never touches the API.
const NOT_PAGES = /^\/(v1|scim|oauth|reference|\.well-known)(\/|$)/u;
const UNHASHED = ["/icon.svg"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** `entry` names the build of a page that runs, `assets` is all it has loaded. Its shell is kept last: never without them. */
async function keep({ entry, assets }) {
  const cache = await caches.open(entry);
  const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
  await cache.addAll(assets.filter((path) => !kept.has(path)));
  if (!kept.has("/")) {
    const page = await fetch("/", { cache: "no-cache" });
    // A newer build is out: its own page will tell.
    if (!page.ok || !(await page.clone().text()).includes(entry)) return caches.delete(entry);
    await cache.addAll(UNHASHED);
    await cache.put("/", page);
  }
  for (const older of await caches.keys()) if (older !== entry) await caches.delete(older);
}

self.addEventListener("message", (event) => event.waitUntil(keep(event.data).catch(() => undefined)));

async function newest(request, key) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
    return (await caches.match(key)) ?? answer;
  } catch {
    return (await caches.match(key)) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || NOT_PAGES.test(pathname)) return;
  if (pathname.startsWith("/assets/"))
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
  else if (request.mode === "navigate") event.respondWith(newest(request, "/"));
  else if (UNHASHED.includes(pathname)) event.respondWith(newest(request, pathname));
});
