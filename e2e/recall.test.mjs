// Taking back what one said: for everyone, with the text at hand to write it anew, and within seconds of sending.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { has, picks } from './harness/deeds.mjs';
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

test('a message that is taken back is gone for everyone, and can be written anew', async () => {
  await lin.says('明天见');
  await maya.sees('明天见');
  await picks(lin, lin.words.recall, '明天见');
  await maya.timeline.getByText(maya.words.recalledBy('林雯')).waitFor();
  assert.equal(await maya.timeline.getByText('明天见').count(), 0);
  assert.equal(await maya.button(maya.words.editAgain).count(), 0);
  await lin.timeline.getByText(lin.words.youRecalled).waitFor();
  // Over a reload too.
  await lin.reloads();
  await lin.isAt(room);
  await lin.button(lin.words.editAgain).click();
  await has(lin, '明天见');
  await lin.says('后天见');
  await maya.sees('后天见');
});

test('undo right after sending takes it back, and the text is in the composer again', async () => {
  await maya.says('wrong windwo');
  await lin.sees('wrong windwo');
  await maya.button(maya.words.undo).click();
  await lin.timeline.getByText(lin.words.recalledBy('Maya')).waitFor();
  await has(maya, 'wrong windwo');
  await maya.composer.fill('');
  await maya.says('too soon');
  await lin.sees('too soon');
  await maya.composer.press('Control+z');
  await has(maya, 'too soon');
  await lin.seesExactly([]);
});

test('undo without a network leaves nothing behind', async () => {
  stage.forgives(/.*/);
  await maya.goesOffline();
  // Before the page knows, it may have sent what is then lost on the way, and only the log can tell.
  await maya.status.getByText(maya.words.offline).waitFor();
  await maya.says('never mind');
  await maya.seesAs('waiting', 'never mind');
  await maya.button(maya.words.undo).click();
  await has(maya, 'never mind');
  await maya.seesExactly([]);
  await maya.comesBack();
  await maya.says('all is well');
  await lin.seesExactly(['all is well']);
  assert.equal(await lin.timeline.getByText(lin.words.recalledBy('Maya')).count(), 0);
});
