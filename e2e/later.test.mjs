// Parts of the program that are loaded when they are first wanted: slow ones, missing ones, and those kept for later.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';

const stage = await Stage.forThisFile();
const SETTINGS = /_split_settings\.wasm$/;
const DIALOGS = /_split_dialogs\.wasm$/;

test('a part that takes long is waited for aloud, and then it is there', async () => {
  const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
  let arrives;
  await maya.page.route(SETTINGS, (route) => (arrives = () => route.continue()));
  await maya.page.getByRole('link', { name: maya.words.settings }).click();
  await maya.status.getByText(maya.words.wait).waitFor();
  arrives();
  await maya.page.getByRole('heading', { name: maya.words.settings }).waitFor();
  assert.equal(await maya.status.getByText(maya.words.wait).count(), 0);
});

test('a page whose part does not come says so, and shows it once it does', async () => {
  stage.forgives(...CUT, /Failed to fetch/);
  const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
  await lin.page.route(SETTINGS, (route) => route.abort());
  await lin.page.getByRole('link', { name: lin.words.settings }).click();
  await lin.page.getByRole('alert').getByText(lin.words.notLoaded).waitFor();
  await lin.button(lin.words.retry).click();
  await lin.page.getByRole('alert').getByText(lin.words.notLoaded).waitFor();
  await lin.page.unroute(SETTINGS);
  await lin.button(lin.words.retry).click();
  await lin.page.getByRole('heading', { name: lin.words.settings }).waitFor();
});

test('a dialog whose part does not come can be given up, and opened later', async () => {
  stage.forgives(...CUT, /Failed to fetch/);
  const tom = await stage.person({ name: 'tom', display: 'Tom' });
  // Before the page is at rest and loads what may be wanted.
  await tom.page.route(DIALOGS, (route) => route.abort());
  await tom.signsUp();
  await tom.page.keyboard.press('?');
  await tom.page.getByRole('alert').getByText(tom.words.notLoaded).waitFor();
  await tom.button(tom.words.close).click();
  await tom.page.getByRole('alert').waitFor({ state: 'detached' });
  await tom.page.unroute(DIALOGS);
  await tom.page.keyboard.press('?');
  await tom.page.getByRole('dialog', { name: tom.words.shortcuts }).waitFor();
});

test('without a network every part is there that a page may want', async () => {
  stage.forgives(...CUT);
  const bo = await stage.newcomer({ name: 'bo', display: 'Bo' });
  await bo.keepsThePage();
  const named = await bo.page.evaluate(() => [...document.querySelectorAll('meta[name=later]')].map((meta) => meta.content));
  assert.ok(named.length > 0, 'the client was built in parts');
  const kept = () => bo.page.evaluate(async () => (await (await caches.open('magpie-shell')).keys()).map(({ url }) => new URL(url).pathname));
  await until('all parts are kept', async () => (await kept()).filter((path) => named.includes(path)).length === named.length, kept);
  await bo.goesOffline();
  await bo.reloads();
  await bo.status.getByText(bo.words.offline).waitFor();
  await bo.page.keyboard.press('?');
  await bo.page.getByRole('dialog', { name: bo.words.shortcuts }).getByRole('button', { name: bo.words.close }).click();
  await bo.button(bo.words.newConversation).first().click();
  await bo.page.getByRole('dialog', { name: bo.words.newConversation }).getByRole('button', { name: bo.words.close }).click();
  await bo.page.getByRole('link', { name: bo.words.settings }).click();
  await bo.page.getByRole('heading', { name: bo.words.settings }).waitFor();
});
