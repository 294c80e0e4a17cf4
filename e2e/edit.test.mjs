// Changing what one said: the old texts, the draft that waits meanwhile, and a change that is refused.

import { beforeEach, test } from 'node:test';
import { has, isFocused, picks } from './harness/deeds.mjs';
import { Stage } from './harness/stage.mjs';

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

test('Up changes what one said last, and everybody can see what it was before', async () => {
  await maya.says('at six');
  await maya.seesAs('sent', 'at six');
  await maya.composer.press('ArrowUp');
  await has(maya, 'at six');
  await maya.page.getByText(maya.words.editing, { exact: true }).waitFor();
  await maya.says('at seven');
  await lin.seesExactly(['at seven']);
  await has(maya, '');
  await lin.message('at seven').getByRole('button', { name: lin.words.edited, exact: true }).click();
  await lin.dialog.getByText('at six').waitFor();
  await lin.dialog.getByText('at seven').waitFor();
  await lin.page.keyboard.press('Escape');
  await lin.dialog.waitFor({ state: 'hidden' });
});

test('what was being written waits, over a reload too, and is there again after the change or Esc', async () => {
  await maya.says('one');
  await maya.seesAs('sent', 'one');
  await maya.composer.fill('a long thought');
  await picks(maya, maya.words.edit, 'one');
  await isFocused(maya, maya.composer);
  await has(maya, 'one');
  await maya.composer.press('Escape');
  await has(maya, 'a long thought');
  await picks(maya, maya.words.edit, 'one');
  await maya.composer.fill('two');
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, 'two');
  await maya.composer.press('Enter');
  await has(maya, 'a long thought');
  await lin.seesExactly(['two']);
});

test('a change that is refused stays in sight with its ways out', async () => {
  stage.forgives(/.*/);
  await maya.says('draft of a plan');
  await maya.seesAs('sent', 'draft of a plan');
  const phone = await stage.secondDevice(maya);
  await phone.opens(room);
  await phone.sees('draft of a plan');
  await maya.goesOffline();
  await maya.composer.press('ArrowUp');
  await maya.says('the whole plan');
  await maya.sees('the whole plan');
  await picks(phone, phone.words.recall, 'draft of a plan');
  await lin.timeline.getByText(lin.words.recalledBy('Maya')).waitFor();
  await maya.comesBack();
  await maya.button('Discard').waitFor();
  await maya.button(maya.words.edit).click();
  await has(maya, 'the whole plan');
  await maya.button('Discard').waitFor({ state: 'detached' });
});

test('nobody is offered to change or take back what others said', async () => {
  await lin.says('mine');
  await maya.sees('mine');
  await maya.message('mine').hover();
  await maya.message('mine').getByRole('button', { name: maya.words.more, exact: true }).click();
  await maya.page.getByRole('menuitem', { name: maya.words.reply, exact: true }).waitFor();
  for (const name of [maya.words.edit, maya.words.recall]) {
    await maya.page.getByRole('menuitem', { name, exact: true }).waitFor({ state: 'detached' });
  }
});
