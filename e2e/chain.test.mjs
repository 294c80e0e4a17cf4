// 接龙: everyone adds a line to the list, and takes their own away.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { lineField, lines, startsChain } from './harness/cards.mjs';
import { CUT } from './harness/complaints.mjs';
import { isFocused } from './harness/deeds.mjs';
import { InputMethod } from './harness/ime.mjs';
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

const has = (person, topic, ...expected) =>
  until(
    `${person.display} sees the lines ${expected}`,
    async () => JSON.stringify(await lines(person, topic).locator('.grow').allTextContents()) === JSON.stringify(expected),
    async () => JSON.stringify(await lines(person, topic).allTextContents()),
  );

const adds = async (person, topic, text) => {
  await lineField(person, topic).fill(text);
  await lineField(person, topic).press('Enter');
};

test('each adds a line, in one order for all, and takes their own away', async () => {
  await startsChain(lin, '周六爬山', '两个人');
  await has(maya, '周六爬山', '林雯 两个人');
  await adds(maya, '周六爬山', 'me and my dog');
  await has(lin, '周六爬山', '你 两个人', 'Maya me and my dog');
  await adds(lin, '周六爬山', '再加一人');
  await has(maya, '周六爬山', '林雯 两个人', 'You me and my dog', '林雯 再加一人');
  assert.equal(await maya.message('周六爬山').getByRole('button', { name: maya.words.dropLine('两个人') }).count(), 0);
  await maya.message('周六爬山').getByRole('button', { name: maya.words.dropLine('me and my dog') }).click();
  await has(lin, '周六爬山', '你 两个人', '你 再加一人');
});

test('the Enter that confirms a candidate adds nothing, and R, E and M are letters in the field', async () => {
  await startsChain(lin, '团购');
  const field = lineField(maya, '团购');
  await field.click();
  await maya.page.keyboard.type('remember me');
  assert.equal(await field.inputValue(), 'remember me');
  await field.fill('');
  const ime = await InputMethod.of(maya);
  await ime.composes('ni');
  await ime.pressesEnter();
  await ime.pressesEnterAs229();
  await ime.commits('你');
  await InputMethod.confirmsAsSafariDoes(field);
  assert.equal(await field.inputValue(), '你');
  await field.press('Enter');
  // Nothing came of the earlier ones.
  await has(lin, '团购', 'Maya 你');
  await isFocused(maya, field);
});

test('a line added without a network goes out later, and what is typed survives a reload', async () => {
  stage.forgives(...CUT);
  await startsChain(lin, '聚餐');
  await lineField(maya, '聚餐').fill('half a li');
  await maya.reloads();
  await maya.isAt(room);
  assert.equal(await lineField(maya, '聚餐').inputValue(), 'half a li');
  await maya.goesOffline();
  await adds(maya, '聚餐', 'half a litre');
  await has(maya, '聚餐', 'You half a litre');
  await has(lin, '聚餐');
  await maya.comesBack();
  await has(lin, '聚餐', 'Maya half a litre');
});

test('a closed chain takes no more lines', async () => {
  await startsChain(lin, '报名', '我');
  await has(maya, '报名', '林雯 我');
  await lin.message('报名').getByRole('button', { name: lin.words.closeChain }).click();
  await lin.message('报名').getByRole('button', { name: lin.words.closeSure }).click();
  await maya.message('报名').getByText(maya.words.closed).waitFor();
  await lineField(maya, '报名').waitFor({ state: 'detached' });
});
