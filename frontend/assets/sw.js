// Opens Magpie without a network: keeps the page and every file that it names, and nothing that anybody said.
//
// A kept page is the whole answer: its policy trusts only the scripts that carry its own nonce. It is kept only when
// all its files are, and what it does not name is forgotten only then: no page ever meets the files of another one.

const SHELL = 'magpie-shell';
const PAGE = '/';
/** How long a network may take before what is kept is shown, in milliseconds. */
const PATIENCE = 3_000;
/** What only the server can answer. */
const SERVER = /^\/(api|ws|echo|health|files)(\/|$)/;
/** A file with a hash in its name never changes. */
const HASHED = /-[0-9a-f]{12,}[._]/;
/** Files that no page names: it keeps them itself when they are first wanted. */
const WANTED = ['/emoji.txt'];
/** The files that a page names. */
const NAMED = /(?<=["'=])\/[\w./-]+\.\w+/g;
/** Those of them that it loads only when they are wanted. */
const LATER = /(?<=<meta name=later content=)\/[\w./-]+\.\w+/g;
// The server answers alike in other encodings, which make no difference to what is kept.
const ALIKE = { ignoreVary: true };

addEventListener('install', (event) => {
  event.waitUntil(fetch(PAGE, { headers: { Accept: 'text/html' }, cache: 'no-cache' }).then(keep).then(() => skipWaiting()));
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin || SERVER.test(pathname)) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (HASHED.test(pathname)) event.respondWith(file(request));
  else event.respondWith(inTime(fetch(request), kept(pathname)));
});

/** The page, which is kept anew each time it comes. */
async function page(event) {
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok) event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  return inTime(fresh, kept(PAGE));
}

/** What comes from the network; what is kept, if there is any, when that fails or takes too long. */
async function inTime(fresh, keeping) {
  // Waited for below, and nobody's mistake until then.
  fresh.catch(() => {});
  const old = await keeping;
  if (!old) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, old));
  return Promise.race([fresh.then((answer) => (answer.status < 500 ? answer : old), () => old), late]);
}

async function file(request) {
  return (await kept(new URL(request.url).pathname)) ?? fetch(request);
}

async function kept(path) {
  return (await caches.open(SHELL)).match(path, ALIKE);
}

let keeping = Promise.resolve();

/** Keeps a page, one after the other. */
function keep(answer) {
  const kept = keeping.then(() => replace(answer));
  keeping = kept.catch(() => {});
  return kept;
}

async function replace(answer) {
  const html = await answer.clone().text();
  const named = new Set(html.match(NAMED));
  const later = new Set(html.match(LATER));
  // Whatever else answers here, a portal or a server without its client, is not Magpie.
  if (![...named].some((path) => path.endsWith('.wasm'))) throw new Error('this is not the page');
  const cache = await caches.open(SHELL);
  const is_there = async (path) => HASHED.test(path) && (await cache.match(path, ALIKE));
  const add = (paths) => Promise.all([...paths].map(async (path) => (await is_there(path)) || cache.add(path)));
  await add([...named].filter((path) => !later.has(path)));
  // What nobody waits for does not hold up what somebody may.
  await add(later);
  await cache.put(PAGE, answer);
  const current = new Set([PAGE, ...WANTED, ...named]);
  const old = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  await Promise.all(old.filter((path) => !current.has(path)).map((path) => cache.delete(path, ALIKE)));
}
