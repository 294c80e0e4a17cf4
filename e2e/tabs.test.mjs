// Several tabs of one person: one holds the socket, all show the same, and nothing is lost when it goes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Sleep } from './harness/sleep.mjs';
import { Sockets } from './harness/sockets.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';

const stage = await Stage.forThisFile({ flags: ['--deed-burst', '1000'] });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
let maya;
let sockets;
let room;
let rooms = 0;

// A browser and a conversation of their own for each test.
beforeEach(async () => {
  rooms += 1;
  room = `Room ${rooms}`;
  maya = await stage.person({ name: `maya${rooms}`, display: `Maya ${rooms}` });
  sockets = Sockets.of(maya.context);
  await maya.signsUp();
  await lin.makesGroup(room, [maya]);
  await maya.opens(room);
});

test('three tabs show the same over one socket, and go on when the one that holds it is closed', async () => {
  const tabs = [maya, ...(await moreTabs(2))];
  const said = [];
  for (const [at, tab] of tabs.entries()) {
    said.push(`from tab ${at + 1}`);
    await tab.says(said.at(-1));
    await lin.sees(said.at(-1));
  }
  await lin.says('我看到了');
  await Promise.all([lin, ...tabs].map((each) => each.seesExactly([...said, '我看到了'])));
  await allListTheSame(tabs);
  assert.ok(sockets.holders.length === 1 && sockets.holders[0] === maya.page, 'the first tab holds the only socket');

  await maya.page.close();
  const [second, third] = tabs.slice(1);
  await second.says('still here');
  await third.says('so am I');
  const all = [...said, '我看到了', 'still here', 'so am I'];
  await until('both arrived', async () => (await lin.reads()).length === all.length);
  const order = await stage.allSeeTheSame(lin);
  assert.deepEqual(order.toSorted(), all.toSorted());
  await Promise.all([second, third].map((tab) => tab.seesExactly(order)));
  assert.equal(sockets.holders.length, 1);
  await lin.says('好');
  await Promise.all([second, third].map((tab) => tab.sees('好')));
});

test('who signs out in one tab is signed out in all, and nothing stays in the browser', async () => {
  const tabs = [maya, ...(await moreTabs(2))];
  await maya.says('kept for later');
  await maya.keeps('kept for later');
  await tabs[1].composer.fill('a draft');
  await tabs[2].page.getByRole('link', { name: maya.words.settings, exact: true }).click();
  await tabs[2].button(maya.words.signOut).click();
  for (const tab of tabs) await tab.button(maya.words.signIn).waitFor();
  assert.equal(sockets.holders.length, 0);
  const kept = () => maya.page.evaluate(async () => [(await indexedDB.databases()).map(({ name }) => name), Object.keys(localStorage)]);
  await until('the browser keeps nothing', async () => JSON.stringify(await kept()) === '[[],[]]', async () => JSON.stringify(await kept()));
});

test('a tab that is frozen with the socket loses it to the one in which somebody writes, and follows when it wakes', async () => {
  const [other] = await moreTabs(1);
  assert.ok(sockets.holders.length === 1 && sockets.holders[0] === maya.page);
  const sleep = await Sleep.of(maya);
  await other.says('is anybody there?');
  await lin.seesExactly(['is anybody there?']);
  await lin.says('在的');
  await other.seesExactly(['is anybody there?', '在的']);
  await sleep.ends();
  await maya.seesExactly(['is anybody there?', '在的']);
  await maya.says('good morning');
  await Promise.all([lin, maya, other].map((each) => each.seesExactly(['is anybody there?', '在的', 'good morning'])));
  await until('one socket is left', () => sockets.holders.length === 1);
  assert.ok(sockets.holders[0] === other.page, 'it is that of the other tab');
});

test('a tab opened without a network shows what the others show, and all send what was composed', async () => {
  stage.forgives(...CUT);
  await maya.says('before');
  await maya.seesAs('sent', 'before');
  await maya.keepsThePage();
  await maya.goesOffline();
  await maya.says('composed in the first');
  const [other] = await moreTabs(1);
  await other.seesExactly(['before', 'composed in the first']);
  await other.says('composed in the second');
  await maya.seesExactly(['before', 'composed in the first', 'composed in the second']);
  await maya.comesBack();
  const all = ['before', 'composed in the first', 'composed in the second'];
  await Promise.all([lin, maya, other].map((each) => each.seesExactly(all)));
  await maya.hasSentAll();
  await other.hasSentAll();
});

async function moreTabs(count) {
  const tabs = [];
  while (tabs.length < count) {
    const tab = await maya.opensTab(new URL(maya.page.url()).pathname);
    await tab.isAt(room);
    tabs.push(tab);
  }
  return tabs;
}

/** The lists say the same, line by line. */
async function allListTheSame(tabs) {
  const lines = () => Promise.all(tabs.map((tab) => tab.list.getByRole('listitem').allInnerTexts()));
  const is_same = ([first, ...others]) => others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  await until('all lists say the same', async () => is_same(await lines()), async () => JSON.stringify(await lines()));
}
