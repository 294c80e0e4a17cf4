// Reading: opening at what is new, scrolling up into the past, and never losing one's place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { firstInSight, isAtTheBeginning, placeOf, scroll, topOf, watch, watched } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile({ flags: ['--deed-burst', '1000'] });
const yuan = await stage.program({ name: 'yuan', display: '周予安' });
const archive = await yuan.makesChannel('Archive');
const past = await yuan.tells(archive, 300);
const workshop = await yuan.makesChannel('Workshop');
await works(220);

for (const [title, place] of [['Archive', archive], ['Workshop', workshop]]) {
  test(`scrolling up loads the past, and what is being read does not move (${title})`, async () => {
    const maya = await knows(place, title, { name: `maya${place}`, display: 'Maya' });
    const all = await yuan.history(place);
    await until('the end is there', async () => (await maya.timeline.locator('[data-seq]').count()) > 40);
    assert.ok((await maya.timeline.locator('[data-seq]').count()) < all.length, 'not all at once');

    let [pages, moved] = [0, 0];
    while (!(await isAtTheBeginning(maya))) {
      const { before, frames, after } = await readOnWhileAPageComes(maya, pages);
      moved = Math.max(moved, ...[...frames, after].map((top) => Math.abs(top - before)));
      assert.ok(moved < 0.01, `page ${pages} moved what is read from ${before} to ${after} px, by way of ${frames}`);
      pages += 1;
    }
    assert.ok(pages >= 3, `only ${pages} pages were measured`);
    if (place === archive) assert.deepEqual(await maya.reads(), all);
    console.log(`  ${pages} pages of history came, and what was being read moved by ${moved.toFixed(2)} px at most`);
  });
}

test('whoever goes up message by message keeps the focus while older ones come', async () => {
  const kim = await knowsTheArchive({ name: 'kim', display: 'Kim' });
  await kim.sees(past.at(-1));
  await kim.timeline.focus();
  for (let pages = 0; pages < 3; pages += 1) {
    const known = (await kim.reads()).length;
    kim.cable.holdBack();
    await kim.page.keyboard.press('ArrowUp');
    while (await kim.page.evaluate(() => document.activeElement.previousElementSibling)) {
      await kim.page.keyboard.press('ArrowUp');
    }
    const key = await keyOfFocus(kim);
    assert.ok(key, 'a message has the focus');
    kim.cable.letThrough();
    await until('an older page is there', async () => (await kim.reads()).length > known);
    assert.equal(await keyOfFocus(kim), key);
  }
});

test('a conversation opens at the first unread message, below the divider', async () => {
  const jonas = await knowsTheArchive({ name: 'jonas', display: 'Jonas' });
  await jonas.opens(LOBBY);
  const news = await yuan.tells(archive, 120, 'news');
  await jonas.seesUnread('Archive', 120);
  await jonas.opens('Archive');

  await jonas.timeline.getByText(jonas.words.newSince).waitFor();
  const divider = await placeOf(jonas, jonas.timeline.getByText(jonas.words.newSince));
  const [first, second] = [await placeOf(jonas, jonas.message(news[0])), await placeOf(jonas, jonas.message(news[1]))];
  assert.ok(divider.top > 0 && divider.bottom <= first.top && first.bottom <= second.top, 'divider, first, second');
  assert.ok(first.bottom < divider.height / 2, 'the first new message is in the upper half');
  const newest = jonas.page.getByRole('button', { name: /Jump to newest$/ });
  await until('some are read, others not', async () => /^(?!120)\d+ new/.test(await newest.getAttribute('aria-label')));

  await newest.click();
  await jonas.seesUnread('Archive', 0);
  await jonas.timeline.getByText(jonas.words.newSince).waitFor({ state: 'attached' });
  assert.ok((await placeOf(jonas, jonas.message(news.at(-1)))).is_inside);
});

test('what came while there was no network is new when it is back, and read once it was on the screen', async () => {
  stage.forgives(...CUT);
  const ida = await knowsTheArchive({ name: 'ida', display: 'Ida' });
  await ida.keepsThePage();
  for (const what of ['missed', 'missed again']) {
    await ida.goesOffline();
    await ida.status.getByText(ida.words.offline).waitFor();
    const missed = await yuan.tells(archive, 60, what);
    // The second time the page itself is opened without a network.
    if (what === 'missed again') {
      await ida.reloads();
      await ida.isAt('Archive');
      await ida.status.getByText(ida.words.offline).waitFor();
    }
    await ida.comesBack();
    await ida.sees(missed.at(-1));
    await ida.timeline.getByText(ida.words.newSince).waitFor();
    const first = await placeOf(ida, ida.message(missed[0]));
    assert.ok(first.is_inside, `the first that was missed is in sight: ${JSON.stringify(first)}`);
    const newest = ida.page.getByRole('button', { name: /Jump to newest$/ });
    await until('some are read, others not', async () => /^(?!60)\d+ new/.test(await newest.getAttribute('aria-label')));
    await newest.click();
    await ida.seesUnread('Archive', 0);
  }
});

test('a message that comes while one reads above does not move the view, and a button leads to it', async () => {
  const zhang = await knowsTheArchive({ name: 'zhangsan', display: '张三', lang: 'zh' });
  await scroll(zhang, -900);
  await zhang.button(zhang.words.newest(0)).waitFor();
  const reading = await firstInSight(zhang);

  await yuan.says(archive, 'one more');
  await zhang.button(zhang.words.newest(1)).waitFor();
  await yuan.says(archive, 'two more\nin two lines');
  await zhang.button(zhang.words.newest(2)).waitFor();
  await zhang.sees('two more\nin two lines');
  assert.ok(Math.abs((await topOf(zhang, reading.key)) - reading.top) < 1, 'it moved');

  await zhang.button(zhang.words.newest(2)).click();
  await until('the newest is in sight', async () => (await placeOf(zhang, zhang.message('two more'))).is_inside);
  await zhang.seesUnread('Archive', 0);
  assert.equal(await zhang.page.getByRole('button', { name: /跳到最新$/ }).count(), 0);
});

test('one who stands at the end goes along with what comes', async () => {
  const lin = await knowsTheArchive({ name: 'linwen', display: '林雯', lang: 'zh' });
  for (const text of ['along 1', 'along 2\n\nwith\n\nmany\n\nlines', 'along 3']) {
    await yuan.says(archive, text);
    await lin.sees(text);
    await until(`${text} is in sight`, async () => (await placeOf(lin, lin.message(text.slice(0, 7)))).is_inside);
  }
});

test('unread messages count in the list, and no longer when they were read in a watched window', async () => {
  const leila = await stage.newcomer({ name: 'leila', display: 'Leila' });
  const direct = await yuan.writesTo({ id: (await yuan.finds('Leila')).id });
  await yuan.says(direct, 'first');
  await yuan.says(direct, 'second');
  await leila.seesUnread('周予安', 2);
  await until('the tab counts too', async () => /^\(2\)/.test(await leila.page.title()));
  await leila.opens('周予安');
  await leila.seesUnread('周予安', 0);

  await leila.looksAway();
  await yuan.says(direct, 'while she looks away');
  await leila.sees('while she looks away');
  await leila.seesUnread('周予安', 1);
  await leila.looksBack();
  await leila.seesUnread('周予安', 0);
  await leila.timeline.getByText(leila.words.newSince).waitFor();
});

test('what is read on one device is read on the other', async () => {
  const bart = await stage.newcomer({ name: 'bart', display: 'Bart' });
  const phone = await stage.secondDevice(bart);
  const direct = await yuan.writesTo({ id: (await yuan.finds('Bart')).id });
  for (const text of ['ring', 'ring again', 'and again']) await yuan.says(direct, text);
  await bart.seesUnread('周予安', 3);
  await phone.seesUnread('周予安', 3);
  await bart.opens('周予安');
  await bart.seesUnread('周予安', 0);
  await phone.seesUnread('周予安', 0);
  await bart.says('I am here');
  await phone.row('周予安').getByText('I am here').waitFor();
});

function knowsTheArchive(options) {
  return knows(archive, 'Archive', options);
}

/** Somebody who has read all of a channel, and has it open. */
async function knows(place, title, options) {
  const earlier = await stage.program(options);
  await earlier.joins(place);
  await earlier.hasRead(place, Number.MAX_SAFE_INTEGER);
  earlier.leaves();
  const person = await stage.person(options);
  await person.signsIn();
  await person.opens(title);
  return person;
}

function keyOfFocus({ page }) {
  return page.evaluate(() => document.activeElement.dataset.key);
}

/** Scrolls up until a page is asked for, and measures the row being read before, while and after it comes. */
async function readOnWhileAPageComes(person, pages) {
  const known = (await person.reads()).length;
  person.cable.holdBack();
  // Sometimes near to the top, sometimes as far as it goes.
  const above = await person.timeline.evaluate((view) => view.scrollTop);
  await scroll(person, pages % 2 ? -above : Math.min(600 - above, 0));
  const reading = await firstInSight(person);
  await watch(person, reading.key);
  person.cable.letThrough();
  await until('an older page is there', async () => (await person.reads()).length > known || isAtTheBeginning(person));
  const frames = await watched(person);
  return { before: reading.top, after: await topOf(person, reading.key), frames };
}

/** Messages of all shapes, some of which are coloured or counted only after they stand there. */
async function works(count) {
  const code = 'look:\n```rust\nfn main() {\n    println!("你好");\n}\n```\nthat is all';
  const table = '| 谁 | what |\n| --- | --- |\n| 林雯 | tea |\n| 张三 | bread |';
  const shapes = [code, table, '🎉', '> a quote\n\n# a heading\n- one\n- two\n  1. three', '**粗体** and `code` and ||spoiler||', 'plain'];
  const said = [];
  for (let at = 0; at < count; at += 1) {
    const reply = at % 5 === 4 ? { reply: said[at - 3] } : {};
    const card = at % 11 === 10 ? { card: { kind: 'poll', choices: ['yes', 'no'] } } : {};
    const deed = { kind: 'post', conversation: workshop, body: shapes[at % shapes.length], ...reply, ...card };
    said.push((await yuan.does(deed)).seq);
    if (at % 7 === 6) await yuan.does({ kind: 'react', conversation: workshop, target: said[at], emoji: '👍', on: true });
  }
}
