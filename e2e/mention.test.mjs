// Completion in the composer: whom one mentions, by any of their names, and emoji by their shortcodes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya Okafor' });
const zhang = await stage.program({ name: 'laozhang', display: '张三' });
await stage.program({ name: 'zoe', display: 'Zoë Santos' });
let room;
let rooms = 0;

// A group without Zoë for each test.
beforeEach(async () => {
  room = `Room ${(rooms += 1)}`;
  await lin.makesGroup(room, [maya, zhang]);
});

test('a member is found by pinyin, initials, characters and sign-in name, and mentioned by the latter', async () => {
  for (const query of ['@zhang', '@zs', '@张', '@laoz', '@zsan', '＠zs']) {
    await lin.composer.fill('');
    await lin.composer.pressSequentially(`好的${query}`);
    await offers(lin, '张三');
    await lin.composer.press('Enter');
    await has(lin, '好的@laozhang ');
  }
  await lin.composer.press('Enter');
  await maya.opens(room);
  // It is shown by the name that people see.
  await maya.sees('好的@张三 ');
});

test('only members are offered, oneself not, and everybody by one word', async () => {
  await lin.composer.pressSequentially('@');
  await offers(lin, '张三', 'Maya Okafor', '@所有人', '@在线');
  await until('Zoë is not', async () => (await options(lin).filter({ hasText: 'Zoë' }).count()) === 0);
  assert.equal(await options(lin).filter({ hasText: '林雯' }).count(), 0);
  await lin.composer.pressSequentially('suoyou');
  await offers(lin, '@所有人');
  await lin.composer.press('Tab');
  await has(lin, '@所有人 ');
});

test('arrows choose, Esc closes and keeps the text, and what was taken can be undone', async () => {
  await maya.opens(room);
  await maya.composer.pressSequentially('hi @');
  await offers(maya, '林雯', '张三');
  const first = await chosen(maya);
  await maya.composer.press('ArrowDown');
  const second = await chosen(maya);
  assert.notEqual(second, first);
  assert.equal(await maya.composer.getAttribute('aria-activedescendant'), 'completion-1');
  await maya.composer.press('ArrowUp');
  assert.equal(await chosen(maya), first);
  await maya.composer.press('Escape');
  await isClosed(maya);
  await maya.composer.pressSequentially('li');
  await isClosed(maya);
  await has(maya, 'hi @li');

  await maya.composer.fill('');
  await maya.composer.pressSequentially('hi @lw');
  await offers(maya, '林雯');
  await options(maya).first().click();
  await has(maya, 'hi @linwen ');
  await maya.composer.press('Control+z');
  await has(maya, 'hi @lw');
  await maya.composer.fill('');
});

test('while an input method composes after @ nothing is taken, and then its text counts', async () => {
  const method = await InputMethod.of(lin);
  await lin.composer.focus();
  await lin.composer.pressSequentially('@');
  await until('the members are known', async () => (await options(lin).count()) === 4);
  const before = await chosen(lin);
  await method.composes('zhang');
  for (const press of [() => method.presses('ArrowDown'), () => method.pressesEnter(), () => method.pressesEnterAs229(), () => method.presses('Escape')]) {
    await press();
    await has(lin, '@zhang');
    assert.equal(await chosen(lin), before);
  }
  await InputMethod.confirmsAsSafariDoes(lin.composer);
  await has(lin, '@zhang');
  await method.commits('张');
  await has(lin, '@张');
  await until('only 张三 is left', async () => (await options(lin).count()) === 1);
  await lin.composer.press('Enter');
  await has(lin, '@laozhang ');
  assert.deepEqual(await lin.reads(), []);
});

test('a shortcode becomes its emoji, by choice or by its end, and an address or a time stays what it is', async () => {
  await maya.opens(room);
  await maya.composer.pressSequentially('done :tad');
  await offers(maya, ':tada:');
  await maya.composer.press('Enter');
  await has(maya, 'done 🎉');
  await maya.composer.pressSequentially(' :smile:');
  await has(maya, 'done 🎉 😄');
  await maya.composer.fill('');
  await maya.composer.pressSequentially('at 10:30 :) std::fmt me@example.org');
  await isClosed(maya);
  await maya.composer.press('Enter');
  await maya.sees('at 10:30 :) std::fmt me@example.org');
});

test('without a network those are offered whom this device knows', async () => {
  stage.forgives(...CUT);
  await lin.goesOffline();
  await lin.composer.pressSequentially('@zs');
  await offers(lin, '张三');
  await lin.composer.press('Enter');
  await has(lin, '@laozhang ');
  await lin.comesBack();
});

function options(person) {
  return person.page.getByRole('listbox', { name: person.words.completions }).getByRole('option');
}

async function chosen(person) {
  return options(person).and(person.page.locator('[aria-selected=true]')).textContent();
}

async function offers(person, ...names) {
  for (const name of names) await options(person).filter({ hasText: name }).first().waitFor();
}

async function isClosed(person) {
  await until('nothing is offered', async () => (await options(person).count()) === 0);
}

async function has(person, text) {
  const value = () => person.composer.inputValue();
  await until(`the composer holds ${text}`, async () => (await value()) === text, value);
}
