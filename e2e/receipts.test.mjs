// What is of the moment: who types, and how far a message has come, as people see it.

import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { topOf, watch, watched } from './harness/sight.mjs';
import { until } from './harness/until.mjs';
import assert from 'node:assert/strict';

const stage = await Stage.forThisFile();
const maya = await stage.newcomer({ name: 'maya', display: 'Maya Okafor' });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh', scheme: 'dark' });

test('typing is seen in the list and under the timeline, and gone with the message or by itself', async () => {
  await maya.writesTo('林雯');
  await maya.says('hi');
  await lin.opens('Maya Okafor');
  await lin.composer.pressSequentially('你好');
  await maya.page.getByText(maya.words.typing('林雯'), { exact: true }).waitFor();
  await maya.row('林雯').getByText(maya.words.typingShort, { exact: true }).waitFor();
  await lin.composer.press('Enter');
  await maya.sees('你好');
  await nobodyTypes(maya);
  await lin.composer.pressSequentially('…');
  await maya.page.getByText(maya.words.typing('林雯'), { exact: true }).waitFor();
  await lin.composer.fill('');
  await nobodyTypes(maya);
});

test('a message is waiting, sent, delivered and read, and does not move meanwhile', async () => {
  await maya.opens('林雯');
  await lin.visits('/');
  await maya.says('ticks');
  await maya.seesAs('delivered', 'ticks');
  const key = await maya.message('ticks').getAttribute('data-key');
  const top = await topOf(maya, key);
  await watch(maya, key);
  await lin.opens('Maya Okafor');
  await maya.seesAs('read', 'ticks');
  assert.deepEqual([...new Set(await watched(maya))], [top], 'it stays where it is while its ticks turn');
  stage.forgives(...CUT);
  await lin.goesOffline();
  await maya.says('into the tunnel');
  await maya.seesAs('sent', 'into the tunnel');
  await lin.comesBack();
  await maya.seesAs('read', 'into the tunnel');
});

test('in a group one sees who has read a message and who has not', async () => {
  const wei = await stage.newcomer({ name: 'wei', display: 'Wei' });
  await maya.makesGroup('climbers', [lin, wei]);
  await maya.says('Saturday?');
  await maya.seesAs('delivered', 'Saturday?');
  await lin.opens('climbers');
  const ticks = maya.message('Saturday?').getByRole('button', { name: maya.words.readBy(1) });
  await ticks.focus();
  await maya.page.keyboard.press('Enter');
  const sheet = maya.page.getByRole('dialog', { name: maya.words.whoRead });
  await sheet.getByText('林雯', { exact: true }).waitFor();
  await sheet.getByText('Wei', { exact: true }).waitFor();
  await maya.page.keyboard.press('Escape');
  await wei.opens('climbers');
  await maya.seesAs('readByAll', 'Saturday?');
});

test('whoever turns receipts off sends none and sees none', async () => {
  await lin.visits('/settings');
  await lin.page.getByRole('switch', { name: lin.words.receipts }).click();
  await lin.visits('/');
  await lin.opens('Maya Okafor');
  await maya.opens('林雯');
  await maya.says('are you there?');
  await lin.sees('are you there?');
  await lin.says('在');
  await maya.sees('在');
  // What both have read is told a moment later, if at all: a message in the group, with receipts, is told by then.
  await maya.opens('climbers');
  await maya.opens('林雯');
  await maya.seesAs('sent', 'are you there?');
  await lin.seesAs('sent', '在');
});

async function nobodyTypes({ page, words, display }) {
  const line = page.getByText(words.typing('林雯'), { exact: true });
  await until(`nobody types any more for ${display}`, async () => (await line.count()) === 0);
}
