// Passing messages on, one or several, to people and to one's own notes; pins; and what calls somebody.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { picks } from './harness/deeds.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

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

test('several messages are forwarded to several conversations, in their order and under their names', async () => {
  for (const text of ['eggs', 'flour', 'butter']) await lin.says(text);
  await maya.sees('butter');
  await picks(maya, maya.words.select, 'butter');
  await maya.message('eggs').getByRole('checkbox').check();
  await maya.page.getByText(maya.words.chosen(2)).waitFor();
  await maya.button(maya.words.forwardShort).click();
  const { dialog } = maya;
  await dialog.getByRole('checkbox', { name: LOBBY }).check();
  await dialog.getByRole('checkbox', { name: maya.words.notes }).check();
  await dialog.getByRole('button', { name: maya.words.forwardTo(2) }).click();
  await maya.opens(LOBBY);
  await maya.seesExactly(['eggs', 'butter']);
  await maya.message('eggs').getByText(maya.words.forwardedFrom('林雯')).waitFor();
  await lin.opens(LOBBY);
  await lin.seesExactly(['eggs', 'butter']);
  assert.equal(await lin.timeline.getByRole('link', { name: lin.words.original }).count(), 0);
  await maya.opens(maya.words.notes);
  await maya.seesExactly(['eggs', 'butter']);
  const link = maya.message('butter').getByRole('link', { name: maya.words.original });
  assert.match(await link.getAttribute('href'), /^\/c\/\d+\/4$/);
});

test('where to forward to is found by initials, too', async () => {
  await maya.writesTo('林雯');
  await maya.opens(room);
  await lin.says('for one of many');
  await maya.sees('for one of many');
  await picks(maya, maya.words.forward, 'for one of many');
  await maya.dialog.getByRole('textbox').fill('lw');
  await until('only Lin is left', async () => (await maya.dialog.getByRole('checkbox').count()) === 1);
  await maya.dialog.getByRole('checkbox', { name: '林雯' }).check();
  await maya.dialog.getByRole('button', { name: maya.words.forwardTo(1), exact: true }).click();
  await maya.opens('林雯');
  await maya.sees('for one of many');
});

test('of several chosen messages only one’s own are taken back, and Esc leaves', async () => {
  await lin.says('theirs');
  await maya.sees('theirs');
  await maya.says('mine');
  await maya.seesAs('sent', 'mine');
  await maya.message('theirs').focus();
  await maya.page.keyboard.press('m');
  await maya.page.getByRole('menuitem', { name: maya.words.select, exact: true }).press('Enter');
  await maya.page.getByText(maya.words.chosen(1)).waitFor();
  await maya.message('theirs').focus();
  await maya.page.keyboard.press('ArrowDown');
  await maya.page.keyboard.press(' ');
  await maya.page.getByText(maya.words.chosen(2)).waitFor();
  await maya.button(maya.words.recall).click();
  await lin.timeline.getByText(lin.words.recalledBy('Maya')).waitFor();
  await lin.seesExactly(['theirs']);
  await picks(maya, maya.words.select, 'theirs');
  await maya.message('theirs').focus();
  await maya.page.keyboard.press('Escape');
  await maya.composer.waitFor();
});

test('a pinned message stands above the conversation for everyone, until it is taken down', async () => {
  await lin.says('the address');
  await maya.sees('the address');
  await picks(maya, maya.words.pin, 'the address');
  await bar(lin).click();
  await lin.dialog.getByRole('button', { name: 'the address' }).click();
  await lin.dialog.waitFor({ state: 'hidden' });
  await picks(lin, lin.words.unpin, 'the address');
  await bar(maya).waitFor({ state: 'detached' });
});

/** What is pinned, above the timeline. */
function bar(person) {
  return person.page.getByRole('button', { name: new RegExp(`^${person.words.pins}`) });
}

test('a message that calls somebody stands out for them, in the list too', async () => {
  await maya.opens(LOBBY);
  await lin.says('@maya 来一下');
  await maya.row(room).getByText(maya.words.mentioned, { exact: true }).waitFor();
  await maya.opens(room);
  await maya.sees('@Maya 来一下');
  assert.ok(await maya.message('@Maya').evaluate((row) => row.classList.contains('is-calling')));
});

test('on a phone a finger that rests opens the menu', async () => {
  const phone = await stage.secondDevice(maya, { viewport: { width: 390, height: 844 }, hasTouch: true });
  await lin.says('press me');
  await phone.opens(room);
  await phone.sees('press me');
  const { x, y } = await phone.message('press me').locator('p').boundingBox();
  const cdp = await phone.context.newCDPSession(phone.page);
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + 8, y: y + 8 }] });
  await phone.page.getByRole('menuitem', { name: phone.words.forward, exact: true }).waitFor();
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await phone.page.getByRole('menuitem', { name: phone.words.reply, exact: true }).click();
  await phone.page.getByText(phone.words.replying('林雯')).waitFor();
});
