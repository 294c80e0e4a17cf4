// The switcher: a few letters lead to any conversation and to anyone, also without a network.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const [, jonas, zoe] = await Promise.all([
  stage.program({ name: 'laozhang', display: '张三' }),
  stage.program({ name: 'jonas', display: 'Jonas Weber' }),
  stage.program({ name: 'zoe', display: 'Zoë Santos' }),
]);
// Conversations of Lin's with two of them, and a channel; with Zoë there is none.
await lin.writesTo('张三');
await lin.writesTo('Jonas Weber');
await lin.makesChannel('周四分享会');

test('initials, pinyin and characters find 张三', async () => {
  for (const query of ['zs', 'zhangs', 'zhang san', '张san', '三', 'ｚｓ', 'laozh']) {
    await asks(lin, query);
    await sees(lin, '张三', { first: true });
    await lin.page.keyboard.press('Escape');
    await isClosed(lin);
  }
  await asks(lin, 'zsfxh');
  await sees(lin, '周四分享会', { first: true });
  await lin.page.keyboard.press('Enter');
  await lin.isAt('周四分享会');
});

test('arrows choose, Enter opens, Esc closes and the focus is back', async () => {
  await lin.opens(LOBBY);
  await lin.composer.fill('写到一半');
  await asks(lin, 'zs');
  await sees(lin, '张三', { first: true });
  await sees(lin, 'Zoë Santos');
  await lin.page.keyboard.press('ArrowDown');
  const second = await chosen(lin);
  assert.notEqual(second, await options(lin).first().textContent());
  await lin.page.keyboard.press('ArrowUp');
  assert.match(await chosen(lin), /张三/);
  await lin.page.keyboard.press('Escape');
  await isClosed(lin);
  assert.ok(await lin.composer.evaluate((field) => field === document.activeElement), 'the focus is back');
  assert.equal(await lin.composer.inputValue(), '写到一半');
  await asks(lin, 'zs');
  await sees(lin, '张三', { first: true });
  await lin.page.keyboard.press('Enter');
  await lin.isAt('张三');
});

test('Ctrl-K right after it was closed opens it again', async () => {
  await asks(lin, 'zs');
  await lin.page.getByRole('combobox').evaluate((field) => {
    field.closest('dialog').close();
    // The browser tells of it later, and until then the focus is still here.
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
  });
  await until('it is open', () => lin.page.evaluate(() => document.querySelector('dialog.is-switcher').open));
  await lin.page.keyboard.press('Escape');
  await isClosed(lin);
});

test('with nothing typed what is unread comes first, and where one is already is left out', async () => {
  await lin.opens('张三');
  await lin.opens(LOBBY);
  await jonas.says(await placeOf(lin, 'Jonas Weber'), 'are you there?');
  await lin.seesUnread('Jonas Weber', 1);
  await lin.page.keyboard.press('Control+k');
  await sees(lin, 'Jonas Weber', { first: true });
  await options(lin).first().getByText(lin.words.unread(1), { exact: true }).waitFor();
  assert.equal(await options(lin).filter({ hasText: LOBBY }).count(), 0);
  await lin.page.keyboard.press('Enter');
  await lin.isAt('Jonas Weber');
});

test('whom one has never written to is found, and a conversation begins', async () => {
  await asks(lin, 'santos');
  await options(lin).filter({ hasText: 'Zoë Santos' }).click();
  await lin.isAt('Zoë Santos');
  await lin.says('你好，Zoë');
  await until('Zoë hears it', () => zoe.heard.some(({ what }) => what.body === '你好，Zoë'));
});

test('nothing is chosen or closed while an input method composes', async () => {
  await lin.opens(LOBBY);
  await lin.page.keyboard.press('Control+k');
  const field = lin.page.getByRole('combobox', { name: lin.words.jumpTo });
  await field.waitFor();
  const method = await InputMethod.of(lin);
  await method.composes('zhang');
  await sees(lin, '张三', { first: true });
  const before = await chosen(lin);
  for (const press of [() => method.presses('ArrowDown'), () => method.presses('Escape'), () => method.pressesEnter(), () => method.pressesEnterAs229()]) {
    await press();
    assert.equal(await chosen(lin), before);
    await lin.page.getByRole('dialog', { name: lin.words.switcher }).waitFor();
  }
  await InputMethod.confirmsAsSafariDoes(field);
  await lin.page.getByRole('dialog', { name: lin.words.switcher }).waitFor();
  await method.commits('张');
  await lin.page.keyboard.press('Enter');
  await lin.isAt('张三');
});

test('what is typed while its part is on its way stands in its field, and nowhere else', async () => {
  const early = await stage.person({ name: 'early', display: 'Early' });
  await early.context.addInitScript(() => (window.requestIdleCallback = () => 0));
  let arrives;
  await early.page.route(/_split_switcher\.wasm$/, (route) => (arrives = () => route.continue()));
  await early.signsUp();
  await early.opens(LOBBY);
  await early.composer.fill('half a line');
  await early.page.keyboard.press('Control+k');
  await early.page.keyboard.type('jox');
  await early.page.keyboard.press('Backspace');
  await until('its part is asked for', () => arrives);
  arrives();
  const field = early.page.getByRole('combobox', { name: early.words.jumpTo });
  await until('the letters are in the field', async () => (await field.inputValue()) === 'jo');
  await early.page.keyboard.press('Escape');
  await until('the focus is back', () => early.composer.evaluate((field) => field === document.activeElement));
  assert.equal(await early.composer.inputValue(), 'half a line');
});

test('on a phone a button in the header opens it, and a tap leads there', async () => {
  const phone = await stage.newcomer({ name: 'phone', display: 'Phone', viewport: { width: 390, height: 800 } });
  await phone.button(phone.words.switcher).click();
  await phone.page.getByRole('combobox').fill('zs');
  await options(phone).filter({ hasText: '张三' }).click();
  await phone.isAt('张三');
});

test('without a network it finds what this device knows, and opens it', async () => {
  stage.forgives(...CUT);
  await lin.opens(LOBBY);
  await lin.keepsThePage();
  await lin.keeps('周四分享会');
  await lin.goesOffline();
  await lin.reloads();
  await lin.status.getByText(lin.words.offline).waitFor();
  await asks(lin, 'zs');
  await sees(lin, '张三', { first: true });
  await lin.page.keyboard.press('Enter');
  await lin.isAt('张三');
  await lin.comesBack();
});

async function asks(person, query) {
  await person.page.keyboard.press('Control+k');
  await person.page.getByRole('combobox', { name: person.words.jumpTo }).fill(query);
}

function options(person) {
  return person.page.getByRole('dialog', { name: person.words.switcher }).getByRole('option');
}

async function chosen(person) {
  return options(person).and(person.page.locator('[aria-selected=true]')).textContent();
}

/** Waits until a row is there; as the `first` one it is chosen, and the field says so. */
async function sees(person, title, { first = false } = {}) {
  const row = options(person).filter({ has: person.page.getByText(title, { exact: true }) });
  await row.waitFor();
  if (!first) return;
  await until(`${title} comes first`, async () => (await chosen(person)).includes(title), () => options(person).allTextContents());
  const active = await person.page.getByRole('combobox').getAttribute('aria-activedescendant');
  assert.equal(await row.getAttribute('id'), active);
}

async function isClosed(person) {
  await until('the switcher is closed', async () => (await person.dialog.count()) === 0);
}

/** The number of a conversation. */
async function placeOf(person, title) {
  return Number((await person.row(title).getAttribute('href')).match(/\d+$/)[0]);
}
