// Answering a message: the quote, the way there and back, and the strip above the composer.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { has, isFocused, picks, repliesTo } from './harness/deeds.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
let room;
let rooms = 0;

beforeEach(async () => {
  room = `Room ${(rooms += 1)}`;
  await lin.makesGroup(room, [maya]);
  await maya.opens(room);
});

test('a reply quotes what it answers; a click leads there, and an arrow leads back', async () => {
  await lin.says('周六去哪儿？');
  for (let count = 1; count <= 25; count += 1) await lin.says(`line ${count}`);
  await maya.sees('line 25');
  await repliesTo(maya, '周六去哪儿？', 'To the lake');
  await lin.sees('To the lake');
  const answer = lin.message('To the lake');
  const quote = answer.getByRole('button', { name: '周六去哪儿？' });
  assert.match(await quote.textContent(), /你/);
  await quote.click();
  const question = lin.timeline.locator('[data-seq="2"]');
  await isFocused(lin, question);
  await question.getByText('周六去哪儿？').waitFor();
  assert.ok(await isInSight(lin, question));
  await lin.button(lin.words.jumpBack).click();
  await isFocused(lin, answer);
  assert.ok(await isInSight(lin, answer));
});

test('what answers what survives a reload with its text, and Esc closes the strip and keeps the text', async () => {
  await lin.says('tea or coffee?');
  const message = maya.message('tea or coffee?');
  await message.hover();
  await message.getByRole('button', { name: maya.words.reply, exact: true }).click();
  await maya.composer.pressSequentially('tea, ple');
  await maya.page.getByText(maya.words.replying('林雯')).waitFor();
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, 'tea, ple');
  await maya.page.getByText(maya.words.replying('林雯')).waitFor();
  await maya.composer.pressSequentially('ase');
  await maya.composer.press('Escape');
  await maya.page.getByText(maya.words.replying('林雯')).waitFor({ state: 'detached' });
  await has(maya, 'tea, please');
  await maya.composer.press('Enter');
  await lin.sees('tea, please');
  assert.equal(await lin.message('tea, please').getByRole('button', { name: 'tea or coffee?' }).count(), 0);
});

test('the quote of a message that was taken back says so', async () => {
  await lin.says('a slip');
  await maya.sees('a slip');
  await repliesTo(maya, 'a slip', 'pardon?');
  await lin.sees('pardon?');
  const said = lin.timeline.locator('[data-seq="2"]');
  await said.hover();
  await said.getByRole('button', { name: lin.words.more, exact: true }).click();
  await lin.page.getByRole('menuitem', { name: lin.words.recall, exact: true }).click();
  await maya.message('pardon?').getByText(maya.words.recalled).waitFor();
});

test('by keyboard alone: up into the timeline, R, and back by Esc', async () => {
  await lin.says('first');
  await lin.says('second');
  await maya.sees('first', 'second');
  await maya.timeline.focus();
  await maya.page.keyboard.press('ArrowUp');
  await isFocused(maya, maya.message('second'));
  await maya.page.keyboard.press('ArrowUp');
  await isFocused(maya, maya.message('first'));
  await maya.page.keyboard.press('Escape');
  await isFocused(maya, maya.composer);
  // Tab comes back to where one was.
  await until('Shift-Tab leads there', async () => {
    await maya.page.keyboard.press('Shift+Tab');
    return maya.message('first').evaluate((row) => row.contains(document.activeElement));
  });
  await maya.page.keyboard.press('r');
  await isFocused(maya, maya.composer);
  await maya.page.keyboard.type('to the first');
  await maya.page.keyboard.press('Enter');
  await lin.message('to the first').getByRole('button', { name: 'first' }).waitFor();
});

test('a reply in the menu does the same', async () => {
  await lin.says('who comes?');
  await maya.sees('who comes?');
  await picks(maya, maya.words.reply, 'who comes?');
  await isFocused(maya, maya.composer);
  await maya.says('I do');
  await lin.message('I do').getByRole('button', { name: 'who comes?' }).waitFor();
});

function isInSight(person, row) {
  return row.evaluate((element) => {
    const [row, view] = [element, element.closest('[role=region]')].map((box) => box.getBoundingClientRect());
    return row.top >= view.top - 1 && row.bottom <= view.bottom + 1;
  });
}
