// Going to any place of a conversation and reading on from there, and coming back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesTo } from './harness/deeds.mjs';
import { firstInSight, isAtTheBeginning, placeOf, scroll, topOf, watch, watched } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const DAY = 24 * 60 * 60 * 1000;
const COUNT = 600;
const stage = await Stage.forThisFile({ flags: ['--deed-burst', '2000'] });
const yuan = await stage.program({ name: 'yuan', display: '周予安' });
const archive = await yuan.makesChannel('Archive');
// Story N stands at place N + 1, below what made the channel.
const past = (await yuan.tells(archive, COUNT)).map((text) => text.trim());

test('a link to a message opens there, shows which one it is, and reads on both ways', async () => {
  const maya = await knowsTheArchive({ name: 'maya', display: 'Maya' });
  await maya.visits(`/c/${archive}/201`);
  await maya.message('story 200.').and(maya.page.locator('.is-lit')).waitFor();
  const place = await placeOf(maya, maya.message('story 200.'));
  assert.ok(place.is_inside && place.top > place.height / 5 && place.bottom < (place.height * 4) / 5, JSON.stringify(place));
  assert.ok((await maya.reads()).length < 300, 'only what stands around it is loaded');
  await until('it stands out no more', async () => (await maya.page.locator('.is-lit').count()) === 0);

  let moved = 0;
  for (const pixels of [-100_000, -100_000, 100_000, 100_000, 100_000]) {
    moved = Math.max(moved, await readOn(maya, pixels));
  }
  assert.ok(moved < 1, `what is read moved by ${moved} px`);
  console.log(`  pages came above and below, and what was being read moved by ${moved.toFixed(2)} px at most`);

  await maya.button(maya.words.newest(0)).click();
  await until('the newest is in sight', async () => (await placeOf(maya, maya.message(`story ${COUNT}.`))).is_inside);
  assert.equal(new URL(maya.page.url()).pathname, `/c/${archive}`);
  assert.deepEqual((await maya.reads()).slice(-10), past.slice(-10), 'and nothing is missing before it');
});

test('one who reads on from far up arrives at the newest, and has everything once', async () => {
  const ines = await knowsTheArchive({ name: 'ines', display: 'Ines' });
  await goesTo(ines, `/c/${archive}/351`);
  await ines.message('story 350.').waitFor();
  await until('the end is reached', async () => {
    await scroll(ines, 30_000);
    return (await ines.message(`story ${COUNT}.`).count()) > 0 && (await placeOf(ines, ines.message(`story ${COUNT}.`))).is_inside;
  });
  await yuan.says(archive, `welcome back, ${ines.name}`);
  await ines.sees(`welcome back, ${ines.name}`);
  const all = await ines.reads();
  const from = past.indexOf(all[0]);
  assert.ok(from >= 0);
  assert.deepEqual(all.slice(0, COUNT - from), past.slice(from));
});

test('after a jump one comes back to where one was, by the arrow and by the way back of the system', async () => {
  for (const lang of ['en', 'zh']) {
    const lin = await knowsTheArchive({ name: `lin${lang}`, display: `Lin ${lang}`, lang });
    await scroll(lin, -1_700);
    const reading = await firstInSight(lin);
    for (const back of [() => lin.button(lin.words.jumpBack).click(), () => lin.page.goBack()]) {
      await goesTo(lin, `/c/${archive}/51`);
      await until('it is there', async () => (await lin.message('story 50.').count()) > 0);
      // Another jump from there, and back twice.
      await goesTo(lin, `/c/${archive}/301`);
      await lin.message('story 300.').waitFor();
      await back();
      await until('the first place is back', async () => (await lin.message('story 50.').count()) > 0 && (await placeOf(lin, lin.message('story 50.'))).is_inside);
      await back();
      await until('it is where it was', async () => Math.abs((await topOf(lin, reading.key)) - reading.top) < 1);
      assert.equal(await lin.button(lin.words.jumpBack).count(), 0, 'there is no further way back');
      assert.equal(new URL(lin.page.url()).pathname, `/c/${archive}`);
    }
  }
});

test('a link to a message above which others are unread leaves those unread', async () => {
  const jonas = await knowsTheArchive({ name: 'jonas', display: 'Jonas' });
  await jonas.opens(LOBBY);
  const news = [];
  for (let number = 1; number <= 300; number += 1) news.push(await yuan.says(archive, `news ${number}.`));
  await jonas.seesUnread('Archive', 300);
  // One that stands alone, and one that is loaded together with the newest.
  for (const number of [150, 290]) {
    await goesTo(jonas, `/c/${archive}/${news[number - 1]}`);
    await until('it is in sight', async () => {
      const message = jonas.message(`news ${number}.`);
      return (await message.count()) > 0 && (await placeOf(jonas, message)).is_inside;
    });
    await scroll(jonas, 300);
    await scroll(jonas, -600);
    await jonas.seesUnread('Archive', 300);
  }
  // What is written while one stands elsewhere leads to the end, where one sees it.
  await jonas.says('here I am');
  await until('it is in sight', async () => (await jonas.message('here I am').count()) > 0 && (await placeOf(jonas, jonas.message('here I am'))).is_inside);
  await jonas.seesUnread('Archive', 0);
});

test('the floating date leads to the first message of any other day', async () => {
  await yuan.says(archive, 'and today');
  const ida = await knowsTheArchive({ name: 'ida', display: 'Ida' });
  await ida.timeline.getByRole('button', { name: /Today|Yesterday/ }).last().click();
  await ida.dialog.getByLabel(ida.words.date).fill(field(40));
  await ida.button(ida.words.go).click();
  await until('the first story is in sight', async () => {
    const first = ida.message('story 1.');
    return (await first.count()) > 0 && (await placeOf(ida, first)).is_inside;
  });
  assert.ok(await isAtTheBeginning(ida));
  assert.equal(await ida.dialog.count(), 0);
  await ida.button(ida.words.jumpBack).click();
  await ida.sees('and today');
});

/** A day so long ago, as a date field says it. */
function field(days) {
  const day = new Date(Date.now() - days * DAY);
  return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')}`;
}

/** Turns the wheel, and answers how far what is read then moves until all pages that were asked for are there. */
async function readOn(person, pixels) {
  person.cable.holdBack();
  await scroll(person, pixels);
  const reading = await firstInSight(person);
  await watch(person, reading.key);
  const known = (await person.reads()).join();
  person.cable.letThrough();
  await until('more is there', async () => (await person.reads()).join() !== known);
  const frames = await watched(person);
  const after = await topOf(person, reading.key);
  return Math.max(...[...frames, after].map((top) => Math.abs(top - reading.top)));
}

/** Somebody who has read all of the archive, and has it open. */
async function knowsTheArchive(options) {
  const earlier = await stage.program(options);
  await earlier.joins(archive);
  await earlier.hasRead(archive, Number.MAX_SAFE_INTEGER);
  earlier.leaves();
  const person = await stage.person(options);
  await person.signsIn();
  await person.opens('Archive');
  return person;
}
