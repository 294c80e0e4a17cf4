// Writing without a server: honest states, nothing lost, nothing twice; and how soon one's own message is there.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import * as stopwatch from './harness/stopwatch.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile({ flags: ['--deed-burst', '1000'] });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
let room;
let rooms = 0;

// A conversation of its own for each test, which both look at.
beforeEach(async () => {
  room = `Room ${(rooms += 1)}`;
  await lin.makesGroup(room, [maya]);
  await maya.opens(room);
});

test('messages written while the server is down wait, survive a reload, and go out once and in order', async () => {
  stage.forgives(...CUT);
  await maya.says('before');
  await maya.seesAs('sent', 'before');
  await stage.server.kill();
  for (const text of ['one', 'two', 'three']) await maya.says(text);
  for (const text of ['one', 'two', 'three']) await maya.seesAs('waiting', text);
  await maya.status.getByText(maya.words.offline).waitFor();
  await maya.row(room).getByText('three').waitFor();

  maya.cable.cutSockets();
  await stage.server.restart();
  await maya.reloads();
  await maya.status.getByText(maya.words.offline).waitFor();
  await lin.seesExactly(['before']);

  maya.cable.mend();
  await maya.button('Try now').click();
  await maya.isAt(room);
  await lin.seesExactly(['before', 'one', 'two', 'three']);
  await maya.seesExactly(['before', 'one', 'two', 'three']);
  await maya.hasSentAll();
  await maya.seesAs('sent', 'three');
});

test('twenty messages written without a network survive a reload without one, and go out once and in order', async () => {
  stage.forgives(...CUT);
  await maya.says('before');
  await lin.says('之前');
  await maya.sees('之前');
  const before = await stage.allSeeTheSame(maya);
  await maya.keeps('之前');
  await maya.keepsThePage();
  await maya.goesOffline();
  const composed = Array.from({ length: 20 }, (_, at) => `on the train ${at + 1}, 在路上`);
  for (const text of composed) await maya.says(text);

  await maya.reloads();
  await maya.isAt(room);
  await maya.status.getByText(maya.words.offline).waitFor();
  await maya.seesExactly([...before, ...composed]);
  for (const text of composed) await maya.seesAs('waiting', text);
  await maya.row(room).getByText(composed.at(-1)).waitFor();
  await lin.seesExactly(before);

  await maya.comesBack();
  await lin.seesExactly([...before, ...composed]);
  await maya.hasSentAll();
  await maya.seesExactly([...before, ...composed]);
});

test('a conversation that was never opened here has its history without a network, too', async () => {
  stage.forgives(...CUT);
  const program = await stage.program({ name: 'teller', display: 'Teller' });
  const group = await program.makesGroup('Stories', [await program.finds('maya')]);
  const told = await program.tells(group, 30);
  await maya.row('Stories').waitFor();
  await maya.keeps(told.at(-1));
  await maya.keepsThePage();
  await maya.goesOffline();
  await maya.reloads();
  await maya.opens('Stories');
  await maya.seesExactly(told);
  await maya.comesBack();
  await program.says(group, 'the end');
  await maya.seesExactly([...told, 'the end']);
  program.leaves();
});

test('a connection that breaks again and again brings each message once', async () => {
  stage.forgives(...CUT);
  const said = Array.from({ length: 12 }, (_, at) => `through the storm ${at + 1}`);
  for (const [at, text] of said.entries()) {
    await maya.says(text);
    if (at % 3 === 2) {
      await maya.goesOffline();
      await maya.comesBack();
    }
  }
  await lin.seesExactly(said);
  await maya.hasSentAll();
  await maya.seesExactly(said);
});

test('an answer that is lost does not double the message', async () => {
  stage.forgives(...CUT);
  maya.cable.holdBack();
  await maya.says('did it arrive?');
  await lin.sees('did it arrive?');
  await maya.seesAs('waiting', 'did it arrive?');
  await maya.goesOffline();
  await maya.comesBack();
  await maya.seesAs('sent', 'did it arrive?');
  await lin.seesExactly(['did it arrive?']);
  await maya.seesExactly(['did it arrive?']);
});

test('a refused message says why, and can be tried again, edited or discarded', async () => {
  const unlucky = await stage.person({ name: 'maya', display: 'Maya' });
  await refuses(unlucky.page, { once: 'try me again', always: ['edit me', 'discard me'] });
  await unlucky.signsIn();
  await unlucky.opens(room);
  for (const text of ['try me again', 'edit me', 'discard me']) {
    await unlucky.says(text);
    await unlucky.message(text).getByText('Not sent. You may not write here.').waitFor();
  }
  const act = (text, name) => unlucky.message(text).getByRole('button', { name, exact: true }).click();
  await act('try me again', 'Retry');
  await act('discard me', 'Discard');
  await act('edit me', 'Edit');
  assert.equal(await unlucky.composer.inputValue(), 'edit me');
  await unlucky.says('edited');
  await lin.seesExactly(['try me again', 'edited']);
  await unlucky.seesExactly(['try me again', 'edited']);
});

test('what was written to a group that one was taken out of meanwhile is not lost', async () => {
  stage.forgives(...CUT);
  const program = await stage.program({ name: 'keeper', display: 'Keeper' });
  const me = await program.finds('maya');
  const group = await program.makesGroup('Secrets', [me]);
  await maya.opens('Secrets');
  await maya.goesOffline();
  for (const text of ['too late', 'much too late']) await maya.says(text);
  await program.does({ kind: 'remove', conversation: group, user: me.id });
  await maya.comesBack();

  const { page, words } = maya;
  await page.getByRole('heading', { name: words.gone }).waitFor();
  const left = (text) => page.getByRole('main').getByRole('listitem').filter({ has: page.getByText(text, { exact: true }) });
  for (const text of ['too late', 'much too late']) await left(text).getByText(/^Not sent\./).waitFor();
  await maya.opens(LOBBY);
  await page.getByRole('link', { name: words.leftOver(2) }).click();
  await left('too late').getByRole('button', { name: 'Discard', exact: true }).click();
  await left('too late').waitFor({ state: 'detached' });
  await maya.reloads();
  await left('much too late').getByRole('button', { name: 'Copy', exact: true }).click();
  await left('much too late').getByRole('button', { name: 'Copied', exact: true }).waitFor();
  await left('much too late').getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByRole('link', { name: words.leftOver(1) }).waitFor({ state: 'detached' });
  assert.deepEqual(await program.history(group), []);
  program.leaves();
});

test('one’s own message is on the screen within 50 ms of Enter', async () => {
  const program = await stage.program({ name: 'filler', display: 'Filler' });
  const channel = await program.makesChannel('Full');
  await program.tells(channel, 200);
  await maya.joins('Full');
  await stopwatch.start(maya);
  for (let count = 1; count <= 20; count += 1) {
    await maya.says(`message ${count} of twenty, 第 ${count} 条`);
    await maya.seesAs('sent', `message ${count} of twenty`);
  }
  const { inPage, painted } = await stopwatch.read(maya);
  assert.equal(painted.length, 20);
  console.log(`  from Enter to the page: ${stopwatch.figures(inPage)}; to the painted frame: ${stopwatch.figures(painted)}`);
  assert.ok(stopwatch.median(inPage) < 50, `median of ${inPage}`);
  assert.ok(stopwatch.median(painted) < 50, `median of ${painted}`);
});

/** A server that refuses these messages. */
function refuses(page, { once, always }) {
  let is_first = true;
  return page.routeWebSocket(/\/ws$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { client_id, deed } = JSON.parse(text);
      const is_unlucky = always.includes(deed?.body) || (deed?.body === once && is_first);
      if (!is_unlucky) return server.send(text);
      if (deed.body === once) is_first = false;
      socket.send(JSON.stringify({ t: 'refused', client_id, code: 'not_allowed' }));
    });
  });
}
