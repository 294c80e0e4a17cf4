// Opening without a network: the page that is kept, who uses it, and how it comes to be a newer one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();

test('without a network the page opens, says so, and is live again without a reload', async () => {
  stage.forgives(...CUT);
  const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
  await maya.keepsThePage();
  await maya.opens(LOBBY);
  await maya.goesOffline();
  await maya.says('written on the train');
  await maya.seesAs('waiting', 'written on the train');

  await maya.reloads();
  await maya.status.getByText(maya.words.offline).waitFor();
  assert.equal(new URL(maya.page.url()).pathname, '/c/1', 'it is where it was');
  await maya.page.evaluate(() => (window.isTheSamePage = true));

  await maya.comesBack();
  await maya.isAt(LOBBY);
  await maya.seesAs('sent', 'written on the train');
  await maya.isIn();
  assert.ok(await maya.page.evaluate(() => window.isTheSamePage));
});

test('a server that answers nothing does not hold the page up', async () => {
  stage.forgives(...CUT);
  const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
  await lin.keepsThePage();
  lin.cable.fallSilent();
  await lin.reloads();
  await lin.status.getByText(lin.words.connecting).waitFor();
  lin.cable.mend();
  await lin.isIn();
});

test('whose session ended meanwhile is signed out once the server says so', async () => {
  stage.forgives(...CUT, /status of 401/);
  const tom = await stage.newcomer({ name: 'tom', display: 'Tom' });
  await tom.keepsThePage();
  const cookies = await tom.context.cookies();
  await tom.goesOffline();
  await tom.reloads();
  await tom.status.getByText(tom.words.offline).waitFor();

  const headers = { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), Origin: stage.server.address };
  const ended = await fetch(`${stage.server.address}/api/session`, { method: 'DELETE', headers });
  assert.equal(ended.status, 204);
  await tom.comesBack();
  await tom.button(tom.words.signIn).waitFor();

  // Nobody is noted any more: without a network nobody is let in.
  await tom.goesOffline();
  await tom.reloads();
  await tom.button(tom.words.signIn).waitFor();
  assert.equal(await tom.list.count(), 0);
});

test('a page that is too old is replaced from the network, however long that takes', async () => {
  stage.forgives(...CUT);
  const ann = await stage.newcomer({ name: 'ann', display: 'Ann' });
  await ann.keepsThePage();
  await ann.page.routeWebSocket(/\/ws$/, (socket) => socket.close({ code: 4002 }));
  await plantsOldPage(ann.page);
  // Looks at what is kept while the page itself is on its way.
  const witness = await ann.context.newPage();
  await witness.goto(`${ann.cable.address}/magpie.svg`);
  await ann.page.bringToFront();
  ann.cable.fallSilent();
  await ann.reloads();
  assert.ok(await isOld(ann.page), 'the network takes too long');

  await ann.button('Reload').click({ noWaitAfter: true });
  await until('the kept page is given up', () => witness.evaluate(async () => !(await caches.match('/', { ignoreVary: true }))));
  ann.cable.mend();
  await until('a new page is there', () => isOld(ann.page).then((old) => !old, () => false));
});

test('what a page does not name is forgotten, and everything it names is kept', async () => {
  const bo = await stage.newcomer({ name: 'bo', display: 'Bo' });
  await bo.keepsThePage();
  await bo.page.evaluate(async () => (await caches.open('magpie-shell')).put('/old-0123456789abcdef.css', new Response('')));
  const paths = () => bo.page.evaluate(async () => (await (await caches.open('magpie-shell')).keys()).map(({ url }) => new URL(url).pathname));
  assert.ok((await paths()).includes('/old-0123456789abcdef.css'));
  await bo.reloads();
  await until('it is forgotten', async () => !(await paths()).includes('/old-0123456789abcdef.css'), paths);
  const loaded = await bo.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
  const files = loaded.filter((path) => /\.(css|js|pack|wasm)$/.test(path) && path !== '/sw.js');
  const kept = await paths();
  for (const kind of ['css', 'js', 'wasm']) assert.ok(files.some((path) => path.endsWith(`.${kind}`)), `a .${kind} is loaded`);
  assert.deepEqual(files.filter((path) => !kept.includes(path)), []);
  assert.deepEqual(kept.filter((path) => /^\/(api|ws|echo|health|files)/.test(path)), []);
});

/** What is kept of the page now says that it is old. */
async function plantsOldPage(page) {
  await page.evaluate(async () => {
    const cache = await caches.open('magpie-shell');
    const { headers, text } = await cache.match('/', { ignoreVary: true }).then(async (kept) => ({ headers: new Headers(kept.headers), text: await kept.text() }));
    headers.delete('content-encoding');
    await cache.put('/', new Response(text.replace('<title>', '<meta name="age" content="old"><title>'), { headers }));
  });
}

function isOld(page) {
  return page.evaluate(() => document.querySelector('meta[name=age]') !== null);
}
