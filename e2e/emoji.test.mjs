// The emoji picker: search in both languages, groups, skin tones, what was used last; by mouse, touch and keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { CUT } from './harness/complaints.mjs';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
await lin.opens(LOBBY);
await maya.opens(LOBBY);

test('emoji are found in English and in Chinese, and go where the caret stands', async () => {
  await maya.composer.fill('so  funny');
  await maya.composer.evaluate((field) => field.setSelectionRange(3, 3));
  await opens(maya);
  await search(maya).fill('笑');
  await cell(maya, '😂').waitFor();
  await search(maya).fill('smile');
  await cell(maya, '😄').click();
  await has(maya, 'so 😄 funny');
  await isClosed(maya);
  await maya.composer.press('Control+z');
  await has(maya, 'so  funny');
  await maya.composer.fill('');
});

test('by keyboard alone: search, the grid, Esc, and the first one by Enter', async () => {
  await lin.composer.fill('');
  await opens(lin);
  await lin.page.keyboard.type('爱心');
  await lin.page.keyboard.press('ArrowDown');
  const first = await focused(lin);
  await lin.page.keyboard.press('ArrowRight');
  const second = await focused(lin);
  assert.notEqual(second, first);
  await lin.page.keyboard.press('ArrowLeft');
  await lin.page.keyboard.press('ArrowUp');
  assert.equal(await focused(lin), '', 'above the first row is the field');
  await lin.page.keyboard.press('ArrowDown');
  await lin.page.keyboard.press('ArrowRight');
  await lin.page.keyboard.press('Enter');
  await has(lin, second);
  await opens(lin);
  await lin.page.keyboard.type('庆祝');
  await cell(lin, '🎉').waitFor();
  await lin.page.keyboard.press('Enter');
  await until('another one stands behind it', async () => (await lin.composer.inputValue()).length > second.length);
  await isClosed(lin);
  await opens(lin);
  await lin.page.keyboard.press('Escape');
  await isClosed(lin);
  assert.ok(await lin.composer.evaluate((field) => field === document.activeElement), 'the focus is back');
  await lin.composer.fill('');
});

test('a group that is chosen during a search ends it', async () => {
  await opens(maya);
  await search(maya).fill('wave');
  await cell(maya, '👋').waitFor();
  const tab = panel(maya).getByRole('tab').nth(3);
  await tab.click();
  await until('the group is chosen', async () => (await tab.getAttribute('aria-selected')) === 'true');
  assert.equal(await search(maya).inputValue(), '');
  await cell(maya, '👋').waitFor({ state: 'detached' });
  await maya.page.keyboard.press('Escape');
  await isClosed(maya);
});

test('a skin tone is chosen once, and stays; what was used comes first', async () => {
  await opens(maya);
  await search(maya).fill('wave');
  await maya.button(maya.words.tone).click();
  await maya.button(maya.words.tones[3]).click();
  await cell(maya, '👋🏽').click();
  await has(maya, '👋🏽');
  await maya.reloads();
  await maya.isAt(LOBBY);
  await opens(maya);
  const recent = panel(maya).getByRole('grid', { name: maya.words.recent });
  assert.equal(await recent.getByRole('gridcell').first().textContent(), '👋🏽');
  await search(maya).fill('thumbs up');
  await cell(maya, '👍🏽').waitFor();
  await maya.page.keyboard.press('Escape');
  await maya.composer.fill('');
  await maya.composer.pressSequentially(':wave:');
  await has(maya, '👋🏽');
  await maya.composer.fill('');
});

test('nothing is picked or closed while an input method composes', async () => {
  await opens(lin);
  const method = await InputMethod.of(lin);
  await method.composes('xiao');
  for (const press of [() => method.pressesEnter(), () => method.presses('ArrowDown'), () => method.presses('Escape'), () => method.pressesEnterAs229()]) {
    await press();
    assert.ok(await search(lin).evaluate((field) => field === document.activeElement), 'the field keeps the focus');
  }
  await InputMethod.confirmsAsSafariDoes(search(lin));
  await panel(lin).waitFor();
  await has(lin, '');
  await method.commits('笑');
  await cell(lin, '😂').waitFor();
  await lin.page.keyboard.press('Escape');
  await isClosed(lin);
});

test('every group is there, and axe finds nothing', async () => {
  await opens(lin);
  for (const [group, emoji] of [['旗帜', '🇨🇳'], ['美食', '🥟'], ['笑脸', '😀']]) {
    await panel(lin).getByRole('tab', { name: group, exact: true }).click();
    await cell(lin, emoji).waitFor();
  }
  await lin.stands();
  const { violations } = await new AxeBuilder({ page: lin.page }).setLegacyMode().include('.emoji').analyze();
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html)}`), []);
  // A press elsewhere closes it.
  await lin.timeline.click({ position: { x: 5, y: 5 } });
  await isClosed(lin);
});

test('once opened it opens without a network, too', async () => {
  stage.forgives(...CUT);
  await maya.keepsThePage();
  await opens(maya);
  await cell(maya, '👋🏽').waitFor();
  await until('it is kept', () => maya.page.evaluate(async () => Boolean(await caches.match('/emoji.txt', { ignoreVary: true }))));
  await maya.goesOffline();
  await maya.reloads();
  await maya.isAt(LOBBY);
  await opens(maya);
  await search(maya).fill('rocket');
  await cell(maya, '🚀').waitFor();
  await maya.comesBack();
});

function panel(person) {
  return person.page.getByRole('dialog', { name: person.words.emoji });
}

function search(person) {
  return panel(person).getByRole('textbox', { name: person.words.searchEmoji });
}

function cell(person, emoji) {
  return panel(person).getByRole('gridcell').getByText(emoji, { exact: true });
}

async function opens(person) {
  await person.button(person.words.emoji).click();
  await until('the field has the focus', () => search(person).evaluate((field) => field === document.activeElement));
  await panel(person).getByRole('gridcell').first().waitFor();
}

async function focused(person) {
  return person.page.evaluate(() => document.activeElement.textContent);
}

async function isClosed(person) {
  await until('the picker is closed', async () => (await panel(person).count()) === 0);
}

async function has(person, text) {
  const value = () => person.composer.inputValue();
  await until(`the composer holds ${text}`, async () => (await value()) === text, value);
}
