// The first page: how much it loads, how soon it can be used, what headers guard it, and what the console tells.

import assert from 'node:assert/strict';
import { get } from 'node:http';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

/** What the first page may load, and the one where one talks, in bytes: 350 KB. */
const MOST = 350_000;

const stage = await Stage.forThisFile();

test('the first page loads at most 350 KB', async () => {
  const stranger = await stage.person({ name: 'stranger' });
  const loaded = watch(stranger);
  await stranger.visits('/signin');
  await stranger.page.getByLabel(stranger.words.name, { exact: true }).waitFor();
  await stranger.page.waitForLoadState('networkidle');
  const sum = await weighs('the first page', loaded);
  assert.ok(sum <= MOST, `${sum} bytes`);
});

test('it says what the page where one talks weighs', async () => {
  const ann = await stage.newcomer({ name: 'ann', display: 'Ann' });
  // In a browser that has nothing of it yet.
  const cold = await stage.person({ name: 'ann', display: 'Ann' });
  await cold.context.addCookies((await ann.context.cookies()).map((cookie) => ({ ...cookie, url: cold.cable.address, domain: undefined, path: undefined })));
  const loaded = watch(cold);
  await cold.visits('/');
  await cold.opens(LOBBY);
  await cold.page.waitForLoadState('networkidle');
  // Its bytes are told and not yet bounded: they are too many.
  assert.ok((await weighs('the page where one talks', loaded)) > 0);
});

test('what few need at once is not in there', async () => {
  const { html } = await page('/');
  const parts = [...html.matchAll(/<meta name=later content=([^>]+)>/g)].map(([, path]) => path);
  const sizes = await Promise.all(parts.map((path) => squeezed(stage.server.address + path)));
  console.log(`  loaded later: ${sizes.reduce((sum, bytes) => sum + bytes, 0)} bytes in ${parts.length} parts (${sizes.join(', ')})`);
  assert.ok(parts.length > 0, 'the client was built in parts');
});

test('it says how soon it can be used', async () => {
  const maya = await stage.person({ name: 'maya', display: 'Maya' });
  await notesWhenUsable(maya.context);
  await maya.visits('/signin');
  const cold = await usable(maya);
  await maya.reloads();
  const warm = await usable(maya);
  await maya.signsUp();
  await maya.opens(LOBBY);
  await maya.reloads();
  const chat = await usable(maya);
  console.log(`  to a usable field: ${cold} ms cold, ${warm} ms warm; to the composer: ${chat} ms warm`);
});

test('every answer is guarded by its headers', async () => {
  const guards = {
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^no-referrer$/,
    'x-frame-options': /^DENY$/,
    'cross-origin-opener-policy': /^same-origin$/,
    'cross-origin-resource-policy': /^same-origin$/,
    'permissions-policy': /camera=\(\)/,
    'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  };
  for (const path of ['/', '/c/1', '/magpie.svg', '/api/server', '/api/session', '/api/nowhere', '/health']) {
    const { headers } = await fetch(stage.server.address + path, { headers: { Accept: 'text/html' } });
    const missing = Object.entries(guards).filter(([name, value]) => !value.test(headers.get(name) ?? ''));
    // A picture is no page, and its answer is guarded by the page that shows it.
    const owed = missing.map(([name]) => name).filter((name) => path !== '/magpie.svg' || name !== 'content-security-policy');
    assert.deepEqual(owed, [], path);
  }
});

test('the page trusts only scripts that carry the nonce of this answer', async () => {
  const [one, other] = [await page('/'), await page('/')];
  for (const { policy, html, nonce } of [one, other]) {
    assert.ok(nonce, policy);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
    const inline = [...html.matchAll(/<script(?![^>]*\ssrc=)([^>]*)>/g)].map(([, attributes]) => attributes);
    assert.ok(inline.length > 0);
    for (const attributes of inline) assert.ok(attributes.includes(`nonce="${nonce}"`), attributes);
    assert.doesNotMatch(html, /\son\w+=|javascript:|TRUNK/);
  }
  assert.notEqual(one.nonce, other.nonce);
});

test('the console tells when the socket opens, receives and closes', async () => {
  stage.forgives(...CUT);
  const lin = await stage.person({ name: 'linwen', display: '林雯', lang: 'zh' });
  const lines = [];
  lin.context.on('console', (message) => {
    if (message.type() === 'debug') lines.push(message.text());
  });
  const says = (pattern) => until(`the console says ${pattern}`, () => lines.some((line) => pattern.test(line)), () => lines);
  await lin.signsUp();
  await says(/socket is open/);
  await says(/received \d+ characters/);
  lin.cable.cut();
  await says(/socket is closed \(1006\)/);
  assert.ok(!lines.some((line) => line.includes('林雯')), 'no names or texts in the console');
});

/** The addresses that a page asks for from now on. */
function watch({ page, cable }) {
  // The worker is asked for once the page is there, out of sight of the page's own list.
  const addresses = new Set([`${cable.address}/sw.js`]);
  page.on('request', (request) => addresses.add(request.url()));
  return addresses;
}

async function weighs(what, addresses) {
  const sizes = await Promise.all([...addresses].map(async (address) => [new URL(address).pathname, await squeezed(address)]));
  const sum = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  const largest = sizes.toSorted(([, a], [, b]) => b - a).slice(0, 5).map(([path, bytes]) => `${path} ${bytes}`);
  console.log(`  ${what}: ${sum} bytes in ${sizes.length} answers; the largest: ${largest.join(', ')}`);
  assert.ok(sizes.some(([path]) => path.endsWith('.wasm')), 'the program itself is counted');
  return sum;
}

/** The bytes that travel for one address, when the browser takes brotli. */
function squeezed(address) {
  return new Promise((resolve, reject) => {
    get(address, { headers: { 'Accept-Encoding': 'br', Accept: '*/*, text/html' } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

async function page(path) {
  const response = await fetch(stage.server.address + path, { headers: { Accept: 'text/html' } });
  const policy = response.headers.get('content-security-policy');
  return { policy, html: await response.text(), nonce: policy.match(/'nonce-([^']+)'/)?.[1] };
}

/** From now on each page notes when its first field is there, in milliseconds since navigation. */
async function notesWhenUsable(context) {
  await context.addInitScript(() => {
    const look = new MutationObserver(() => {
      const field = document.querySelector('main textarea, main input');
      if (!field?.checkVisibility({ visibilityProperty: true })) return;
      window.usable = Math.round(performance.now());
      look.disconnect();
    });
    look.observe(document, { childList: true, subtree: true, attributes: true });
  });
}

async function usable(person) {
  return until('a field can be used', () => person.page.evaluate(() => window.usable));
}
