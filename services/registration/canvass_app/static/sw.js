// The app's own files, kept so that it opens without a network. Never an answer of the API: those hold people's data.
const CACHE = "canvass-app-3";
const FILES = ["index.html", "app.css", "app.js", "api.js", "countries.js", "page.js", "sealed.js", "store.js", "app.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("canvass-app-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const name = new URL(event.request.url).pathname.split("/canvass-app/")[1];
  if (event.request.method !== "GET" || !FILES.includes(name)) return;
  // The newest while there is a network; what is kept while there is none.
  event.respondWith(
    fetch(event.request)
      .then(async (answer) => {
        if (answer.ok) await (await caches.open(CACHE)).put(event.request, answer.clone());
        return answer;
      })
      .catch(() => caches.match(event.request)),
  );
});
