// Opens the pages of one private address without a network: as they were when they were opened last.
"use strict";
const CACHE = "hallway-{{ version }}-" + self.registration.scope;
const ROOT = self.registration.scope;
const FILES = {{ files | tojson }}.map((name) => new URL(name, ROOT).href);
const PATIENCE = 5000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    const page = await fetch(ROOT, { cache: "no-store" });
    if (page.ok) await cache.put(ROOT, page);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("hallway-") && name.endsWith("-" + ROOT) && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

const forget = async () => {
  await caches.delete(CACHE);
  await self.registration.unregister();
};

// One after the other, and only what is missing: the server has a limit for each address.
const keep = async (links) => {
  const cache = await caches.open(CACHE);
  for (const link of links.filter((each) => each.startsWith(ROOT))) {
    if (await cache.match(link)) continue;
    const answer = await fetch(link, { cache: "no-store" });
    if (!answer.ok) return;
    await cache.put(link, answer);
  }
};

self.addEventListener("message", (event) => {
  if (event.data === "forget") event.waitUntil(forget());
  if (event.data && event.data.keep) event.waitUntil(keep(event.data.keep).catch(() => {}));
});

const kept = async (request) => {
  const cache = await caches.open(CACHE);
  const found = await cache.match(request.url);
  if (!found) {
    const leads = request.mode === "navigate" && request.url !== ROOT && await cache.match(ROOT);
    return leads ? Response.redirect(ROOT + "#not-kept") : Response.error();
  }
  const headers = new Headers(found.headers);
  headers.set("X-Hallway-Kept", "1");
  return new Response(found.body, { status: 200, headers });
};

const fresh = async (request) => {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  try {
    const answer = await fetch(request.url, { headers: request.headers, cache: "no-store", redirect: "follow", signal: limit.signal });
    if (answer.headers.get("X-Hallway-Nobody")) await forget();
    if (answer.ok) (await caches.open(CACHE)).put(request.url, answer.clone());
    return answer.status >= 500 ? kept(request) : answer;
  } catch { return kept(request); } finally { clearTimeout(timer); }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (FILES.includes(request.url)) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  } else if (request.url.startsWith(ROOT) && !request.url.endsWith(".ics")) {
    event.respondWith(fresh(request));
  }
});
