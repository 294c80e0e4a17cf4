// Emoji under messages: two people at once, and the focus that stays where it is.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { isFocused, opensMenu, reactsTo } from './harness/deeds.mjs';
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

const reaction = (person, text, label) => person.message(text).getByRole('button', { name: label, exact: true });

test('two people react at once, and both see the same', async () => {
  await lin.says('cake!');
  await maya.sees('cake!');
  await Promise.all([reactsTo(lin, 'cake!', '👍'), reactsTo(maya, 'cake!', '👍')]);
  for (const person of [lin, maya]) {
    const button = person.message('cake!').getByRole('button').filter({ hasText: '👍 2' });
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-pressed'), 'true');
  }
  await Promise.all([reactsTo(lin, 'cake!', '❤️'), maya.message('cake!').getByText('👍 2').click()]);
  for (const person of [lin, maya]) {
    await person.message('cake!').getByText('👍 1').waitFor();
    await person.message('cake!').getByText('❤️ 1').waitFor();
  }
  await reaction(maya, 'cake!', '👍 林雯').waitFor();
});

test("somebody else's reaction takes nothing from where one is", async () => {
  await lin.says('look here');
  await maya.sees('look here');
  await maya.message('look here').focus();
  const row = await maya.message('look here').elementHandle();
  await reactsTo(lin, 'look here', '😮');
  await reaction(maya, 'look here', '😮 林雯').waitFor();
  await isFocused(maya, maya.message('look here'));
  assert.ok(await row.evaluate((element) => element.isConnected), 'the row is the same');
  await maya.page.keyboard.press('e');
  await isFocused(maya, maya.page.getByRole('menuitemcheckbox', { name: '👍' }));
  await maya.page.keyboard.press('ArrowRight');
  await maya.page.keyboard.press('Enter');
  await reaction(lin, 'look here', '❤️ Maya').waitFor();
  await isFocused(maya, maya.message('look here'));
});

test('a menu that is closed by Esc gives the focus back', async () => {
  await lin.says('menu');
  await maya.sees('menu');
  await opensMenu(maya, 'menu');
  await maya.page.keyboard.press('Escape');
  await maya.page.getByRole('menu').waitFor({ state: 'detached' });
});
