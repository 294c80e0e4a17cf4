// Drafts: what is typed on one device goes on at another, and what was typed is never lost.

import { beforeEach, test } from 'node:test';
import assert from 'node:assert/strict';
import { CUT } from './harness/complaints.mjs';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
const laptop = await stage.secondDevice(maya);
let room;
let rooms = 0;

// A conversation of its own for each test.
beforeEach(async () => {
  room = `Room ${(rooms += 1)}`;
  await lin.makesGroup(room, [maya]);
  for (const device of [maya, laptop]) {
    await device.visits('/');
    await device.row(room).waitFor();
  }
});

test('what is typed on one device shows in the list of the other, and goes on there', async () => {
  await maya.opens(room);
  await maya.composer.fill('shall we meet');
  await laptop.row(room).getByText('shall we meet').waitFor();
  await laptop.opens(room);
  await has(laptop, 'shall we meet');
  await laptop.composer.fill('shall we meet at eight?');
  // Nobody touched the first device since, so it takes the newer text.
  await has(maya, 'shall we meet at eight?');
  await maya.composer.press('Enter');
  await laptop.sees('shall we meet at eight?');
  await has(maya, '');
  await has(laptop, '');
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, '');
});

test('when both devices typed, the text here stays and the other one is offered', async () => {
  stage.forgives(...CUT);
  await maya.opens(room);
  await laptop.opens(room);
  laptop.cable.cut();
  await laptop.composer.fill('from the laptop');
  await maya.composer.fill('from the phone');
  const third = await stage.secondDevice(maya);
  await third.row(room).getByText('from the phone').waitFor();
  laptop.cable.mend();
  await laptop.page.getByText('Draft from another device').waitFor();
  await laptop.page.getByText('from the phone').waitFor();
  await has(laptop, 'from the laptop');

  await laptop.button('Keep mine').click();
  await laptop.page.getByText('Draft from another device').waitFor({ state: 'detached' });
  await has(maya, 'from the laptop');
  await third.row(room).getByText('from the laptop').waitFor();
});

test('the other text takes the place of this one if its person wants it', async () => {
  stage.forgives(...CUT);
  await maya.opens(room);
  await laptop.opens(room);
  laptop.cable.cut();
  await laptop.composer.fill('old idea');
  await maya.composer.fill('new idea');
  const third = await stage.secondDevice(maya);
  await third.row(room).getByText('new idea').waitFor();
  laptop.cable.mend();
  await laptop.button('Use it').click();
  await has(laptop, 'new idea');
  await laptop.composer.press('Enter');
  await lin.opens(room);
  await lin.sees('new idea');
  await has(maya, '');
});

test('what is under composition is not written over', async () => {
  await maya.opens(room);
  await laptop.opens(room);
  const method = await InputMethod.of(laptop);
  await laptop.composer.focus();
  await method.composes('nihao');
  await maya.composer.fill('from elsewhere');
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, 'from elsewhere');
  await has(laptop, 'nihao');
  await method.commits('你好');
  await laptop.page.getByText('Draft from another device').waitFor();
  await has(laptop, '你好');
});

test('a draft is there after a reload in the middle of a word', async () => {
  await maya.opens(room);
  await maya.composer.pressSequentially('half a wo');
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, 'half a wo');
  await laptop.row(room).getByText('half a wo').waitFor();
});

test('a muted conversation is muted on every device', async () => {
  await maya.opens(room);
  await maya.detailsLink.click();
  await maya.details.getByText('Mentions', { exact: true }).click();
  await laptop.row(room).getByText('Muted').waitFor({ state: 'attached' });
  await laptop.opens(room);
  await laptop.detailsLink.click();
  assert.ok(await laptop.details.getByRole('radio', { name: 'Mentions', exact: true }).isChecked());
  assert.equal(await laptop.row(LOBBY).getByText('Muted').count(), 0);
});

/** Waits until the composer holds exactly this. */
async function has(person, text) {
  const held = () => person.composer.inputValue();
  await until(`${person.display}'s composer holds "${text}"`, async () => (await held()) === text, held);
}
