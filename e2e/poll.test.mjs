// Polls: two people vote, change their minds and take a vote back, also without a network; their author ends them.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { asks, choice, startsCard } from './harness/cards.mjs';
import { CUT } from './harness/complaints.mjs';
import { isFocused } from './harness/deeds.mjs';
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

const isTaken = async (button, expected) => {
  await button.waitFor();
  assert.equal(await button.getAttribute('aria-pressed'), String(expected));
};

test('two people vote, one changes it and takes it back, and both see who voted', async () => {
  await asks(lin, '周六去哪儿？', ['香山', '颐和园']);
  await choice(maya, '周六去哪儿？', '香山', 0).click();
  await isTaken(choice(maya, '周六去哪儿？', '香山', 1), true);
  await isTaken(choice(lin, '周六去哪儿？', '香山', 1), false);
  await choice(lin, '周六去哪儿？', '颐和园', 0).click();
  await isTaken(choice(maya, '周六去哪儿？', '颐和园', 1), false);
  // Of one, a second press takes the first one's place.
  await choice(maya, '周六去哪儿？', '颐和园', 1).click();
  await choice(lin, '周六去哪儿？', '颐和园', 2).waitFor();
  await choice(lin, '周六去哪儿？', '香山', 0).waitFor();
  await lin.message('周六去哪儿？').getByRole('button', { name: lin.words.whoVoted }).click();
  await lin.message('周六去哪儿？').getByText('Maya').waitFor();
  await choice(maya, '周六去哪儿？', '颐和园', 2).click();
  await choice(lin, '周六去哪儿？', '颐和园', 1).waitFor();
  await lin.message('周六去哪儿？').getByText(lin.words.voted(1)).waitFor();
});

test('of several choices one takes any, and others who vote do not take the focus', async () => {
  await asks(maya, 'Which days?', ['Friday', 'Saturday', 'Sunday'], { many: true });
  await choice(lin, 'Which days?', 'Friday', 0).click();
  await choice(lin, 'Which days?', 'Sunday', 0).click();
  await isTaken(choice(lin, 'Which days?', 'Friday', 1), true);
  await isTaken(choice(lin, 'Which days?', 'Sunday', 1), true);
  const sunday = choice(maya, 'Which days?', 'Sunday', 1);
  await sunday.focus();
  await choice(lin, 'Which days?', 'Sunday', 1).click();
  await isFocused(maya, choice(maya, 'Which days?', 'Sunday', 0));
  await maya.page.keyboard.press('Enter');
  await isTaken(choice(maya, 'Which days?', 'Sunday', 1), true);
});

test('a vote without a network shows at once, and goes out later', async () => {
  stage.forgives(...CUT);
  await asks(lin, '吃什么？', ['面', '饭']);
  await choice(maya, '吃什么？', '面', 0).waitFor();
  await maya.goesOffline();
  await choice(maya, '吃什么？', '面', 0).click();
  await isTaken(choice(maya, '吃什么？', '面', 1), true);
  await choice(lin, '吃什么？', '面', 0).waitFor();
  await maya.comesBack();
  await choice(lin, '吃什么？', '面', 1).waitFor();
  await isTaken(choice(maya, '吃什么？', '面', 1), true);
});

test('its author closes a poll, after being asked, and nobody votes any more', async () => {
  await asks(lin, '开会？', ['好', '不']);
  await choice(maya, '开会？', '好', 0).waitFor();
  assert.equal(await maya.message('开会？').getByRole('button', { name: maya.words.closePoll }).count(), 0);
  await lin.message('开会？').getByRole('button', { name: lin.words.closePoll }).click();
  await lin.message('开会？').getByRole('button', { name: lin.words.closeSure }).click();
  await maya.message('开会？').getByText(maya.words.closed).waitFor();
  assert.equal(await choice(maya, '开会？', '好', 0).getAttribute('aria-disabled'), 'true');
});

test('a poll is made by keyboard alone, and what is typed into it stays over Esc', async () => {
  await maya.tabsTo(maya.button(maya.words.plus));
  await maya.page.keyboard.press('Enter');
  await maya.page.getByRole('menuitem', { name: maya.words.poll }).waitFor();
  await maya.page.keyboard.press('Enter');
  const { dialog, words } = maya;
  await isFocused(maya, dialog.getByLabel(words.question, { exact: true }));
  await maya.page.keyboard.type('Tea or coffee?');
  await maya.page.keyboard.press('Enter');
  await isFocused(maya, dialog.getByLabel(words.choice(1), { exact: true }));
  await maya.page.keyboard.type('Tea');
  await maya.page.keyboard.press('Escape');
  await startsCard(maya, words.poll);
  assert.equal(await dialog.getByLabel(words.choice(1), { exact: true }).inputValue(), 'Tea');
  await dialog.getByRole('button', { name: words.send, exact: true }).click();
  await dialog.getByText('A poll needs at least two choices.').waitFor();
  await dialog.getByLabel(words.choice(2), { exact: true }).fill('Coffee');
  await maya.page.keyboard.press('Control+Enter');
  await choice(lin, 'Tea or coffee?', 'Coffee', 0).waitFor();
});
