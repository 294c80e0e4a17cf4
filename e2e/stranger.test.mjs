// Programs of another make, written from PROTOCOL.md alone, lose nothing and see nothing twice, whatever is killed.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Program } from './stranger/program.mjs';

const builds = ['release', 'debug'].map((build) => fileURLToPath(new URL(`../target/${build}/magpie`, import.meta.url)));
process.env.MAGPIE_BIN ||= builds.find(existsSync) ?? builds[0];
// It reads MAGPIE_BIN when it is loaded.
const { Server } = await import('./harness/server.mjs');

const PASSWORD = 'correct horse 电池';
// Slow enough that a kill comes in the middle of what is being written.
const SLOW = ['--deeds-per-second', '25', '--deed-burst', '5'];
const FAST = ['--deeds-per-second', '10000', '--deed-burst', '10000'];

/** Runs `story` with a server and a folder of its own, and leaves nothing behind. */
function withServer(flags, story) {
  return async () => {
    const folder = await mkdtemp(join(tmpdir(), 'magpie-stranger-'));
    const programs = [];
    const start = async (name) => {
      const program = await Program.start(server, join(folder, name));
      programs.push(program);
      return program;
    };
    const server = await Server.start(flags);
    try {
      await story(server, start);
    } finally {
      for (const program of programs) await program.kill();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function signUp(program, name, display) {
  await program.ask('sign_up', { name, display, password: PASSWORD });
  await goOnline(program);
}

/** Connects, and gives the `welcome`. */
async function goOnline(program) {
  const before = program.frames.length;
  await program.ask('go_online');
  return program.until('a welcome', () => program.frames.slice(before).find((frame) => frame.t === 'welcome'));
}

async function lobbyOf(program) {
  const { conversations } = await program.ask('about');
  return conversations.find((conversation) => conversation.kind === 'channel').id;
}

/** Does one deed, and gives its `done`. */
async function did(program, deed) {
  const clientId = await program.ask('do', { deed });
  return program.until(`done for ${deed.kind}`, () => answer(program, clientId, 'done'));
}

const answer = (program, clientId, kind) => program.frames.find((frame) => frame.t === kind && frame.client_id === clientId);
const answers = (program, kind) => program.frames.filter((frame) => frame.t === kind);
const bodies = (entries) => entries.filter((entry) => entry.what.kind === 'posted').map((entry) => entry.what.body);
const numbers = (first, last) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function untilAllIsSaid(program) {
  await program.until('an empty outbox', async () => (await program.ask('about')).pending === 0);
}

async function untilCursor(program, place, cursor) {
  await program.until(`seq ${cursor}`, async () => (await program.ask('held', { conversation: place })).cursor === cursor);
}

/** Pages back to the beginning, and gives all that is then held. */
async function everything(program, place, limit = 50) {
  for (;;) {
    const before = answers(program, 'page').length;
    if (!(await program.ask('page_back', { conversation: place, limit }))) break;
    await program.until('a page', () => answers(program, 'page').length > before);
  }
  return (await program.ask('held', { conversation: place })).entries;
}

test('two programs keep one story through kills of the server and of a program', withServer(SLOW, async (server, start) => {
  const lin = await start('lin');
  let zhang = await start('zhang');
  await signUp(lin, 'linwen', '林雯 Lin Wen');
  await signUp(zhang, '张三', '张三');

  // A direct conversation and a group, beside the Lobby.
  const [found] = await lin.ask('find_people', { words: '张' });
  const direct = (await did(lin, { kind: 'open_direct', with: found.id })).conversation;
  const group = (await did(lin, { kind: 'make_group', title: '周末爬山 Hike', people: [found.id] })).conversation;
  const places = [await lobbyOf(lin), group, direct];
  await zhang.until('the group and the direct conversation', async () => {
    const { cursors } = await zhang.ask('about');
    return group in cursors && direct in cursors;
  });
  assert.equal((await did(zhang, { kind: 'open_direct', with: (await lin.ask('about')).me.id })).conversation, direct);

  const said = { lin: [], zhang: [] };
  const say = async (who, times) => {
    const program = who === 'lin' ? lin : zhang;
    for (const place of places) {
      const texts = numbers(1, times).map(() => {
        const number = said[who].length + 1;
        const text = number % 2 ? `${who} says “${number}” 🐦` : `${who} 说：第${number}句，你好！`;
        said[who].push({ place, text });
        return text;
      });
      await program.ask('post', { conversation: place, bodies: texts });
    }
  };
  const untilMoreDone = async (program, more) => {
    const before = answers(program, 'done').length;
    await program.until(`${more} more deeds done`, () => answers(program, 'done').length >= before + more);
  };
  const pending = async (program) => (await program.ask('about')).pending;

  // They talk.
  await say('lin', 2);
  await say('zhang', 2);
  await untilAllIsSaid(lin);
  await untilAllIsSaid(zhang);

  // Zhang is away for a while; both write on. The server dies while Lin's messages are on their way.
  await zhang.ask('go_offline');
  await say('zhang', 3);
  await say('lin', 15);
  await untilMoreDone(lin, 5);
  await server.kill();
  await lin.until('the end of the connection', () => lin.closes.length > 0);
  assert.ok((await pending(lin)) > 0, 'the kill came after everything was said');
  await say('lin', 2);
  await zhang.ask('go_online');
  await say('zhang', 2);
  await server.restart();
  await untilAllIsSaid(lin);
  await untilAllIsSaid(zhang);

  // Now a program dies while it is writing, and is started again from its files.
  await say('zhang', 15);
  await say('lin', 2);
  await untilMoreDone(zhang, 5);
  await zhang.kill();
  await say('lin', 2);
  zhang = await start('zhang');
  assert.ok((await pending(zhang)) > 0, 'the kill came after everything was said');
  await say('zhang', 1);
  await goOnline(zhang);
  await say('zhang', 1);
  await untilAllIsSaid(lin);
  await untilAllIsSaid(zhang);

  for (const place of places) {
    // Whoever has the last word has everything.
    said.zhang.push({ place, text: '完 The end' });
    const { seq } = await did(zhang, { kind: 'post', conversation: place, body: '完 The end' });
    await untilCursor(lin, place, seq);
    await untilCursor(zhang, place, seq);
    const ofLin = await everything(lin, place);
    const ofZhang = await everything(zhang, place);
    assert.deepEqual(ofLin, ofZhang);
    assert.deepEqual(ofLin.map((entry) => entry.seq), numbers(1, seq));
    for (const [who, program] of [['lin', lin], ['zhang', zhang]]) {
      const { me } = await program.ask('about');
      const own = ofLin.filter((entry) => entry.author === me.id);
      assert.deepEqual(bodies(own), said[who].filter((one) => one.place === place).map((one) => one.text));
    }
  }
}));

test('a program pages back through 250 messages', withServer(FAST, async (server, start) => {
  const writer = await start('writer');
  await signUp(writer, 'writer', 'Writer');
  const lobby = await lobbyOf(writer);
  const texts = numbers(1, 250).map((number) => `${number}: 第${number}条`);
  await writer.ask('post', { conversation: lobby, bodies: texts });
  await untilAllIsSaid(writer);

  const reader = await start('reader');
  await reader.ask('sign_in', { name: 'writer', password: PASSWORD });
  const { conversations } = await goOnline(reader);
  const { since, head } = conversations.find((conversation) => conversation.id === lobby);
  assert.equal(since, head);
  assert.deepEqual(bodies(await everything(reader, lobby)), texts);
  const pages = answers(reader, 'page');
  assert.deepEqual(pages.map((page) => page.before), [head + 1, ...pages.slice(0, -1).map((page) => page.from)]);
  assert.ok(pages.length >= 5 && pages.every((page) => page.entries.length <= 50));
}));

test('a program that comes back by cursor gets exactly what it missed', withServer(FAST, async (server, start) => {
  const [lin, zhang] = [await start('lin'), await start('zhang')];
  await signUp(lin, 'lin', 'Lin');
  await signUp(zhang, 'zhang', '张三');
  const lobby = await lobbyOf(lin);
  const { seq: cursor } = await did(zhang, { kind: 'post', conversation: lobby, body: 'See you later' });
  await untilCursor(zhang, lobby, cursor);
  await zhang.ask('go_offline');
  await lin.ask('post', { conversation: lobby, bodies: numbers(1, 120).map((number) => `missed 错过 ${number}`) });
  await untilAllIsSaid(lin);

  const before = zhang.frames.length;
  const { conversations } = await goOnline(zhang);
  assert.equal(conversations.find((conversation) => conversation.id === lobby).since, cursor);
  await untilCursor(zhang, lobby, cursor + 120);
  // What is said after that comes after that, and nothing else in between.
  const { seq } = await did(lin, { kind: 'post', conversation: lobby, body: 'Welcome back' });
  await untilCursor(zhang, lobby, seq);
  const got = zhang.frames.slice(before).filter((frame) => frame.t === 'changed').map((frame) => frame.change.seq);
  assert.deepEqual(got, numbers(cursor + 1, cursor + 121));

  // Changes that are lost on the way are asked for, and come in their place.
  await zhang.ask('lose_changes', { number: 2 });
  await lin.ask('post', { conversation: lobby, bodies: ['lost 一', 'lost 二', 'seen 三'] });
  await untilCursor(zhang, lobby, seq + 3);
  const { entries } = await zhang.ask('held', { conversation: lobby });
  assert.deepEqual(bodies(entries).slice(-3), ['lost 一', 'lost 二', 'seen 三']);
}));

test('a deed that is sent again under its client_id is done once', withServer(FAST, async (server, start) => {
  const program = await start('program');
  await signUp(program, 'lin', 'Lin');
  const lobby = await lobbyOf(program);
  const clientId = randomUUID();
  const deed = { kind: 'post', conversation: lobby, body: '只说一次 once' };
  const text = JSON.stringify({ t: 'do', client_id: clientId, deed });
  const done = () => answers(program, 'done').filter((frame) => frame.client_id === clientId);

  await program.ask('send_text', { text });
  await program.ask('send_text', { text });
  await program.until('two answers', () => done().length === 2);
  await program.ask('go_offline');
  await goOnline(program);
  await program.ask('send_text', { text });
  await program.until('a third answer', () => done().length === 3);
  await did(program, { kind: 'post', conversation: lobby, body: 'and on' });

  assert.equal(new Set(done().map((frame) => frame.seq)).size, 1);
  await program.until('all changes', async () => bodies(await everything(program, lobby)).includes('and on'));
  const entries = await everything(program, lobby);
  assert.deepEqual(bodies(entries), [deed.body, 'and on']);
  assert.equal(entries.find((entry) => entry.client_id === clientId).seq, done()[0].seq);
}));

test('bad frames get their codes, and the connection stays', withServer(FAST, async (server, start) => {
  const program = await start('program');
  await signUp(program, 'lin', 'Lin');
  const lobby = await lobbyOf(program);
  const refusal = async (frame) => {
    const before = answers(program, 'refused').length;
    await program.ask('send_text', { text: typeof frame === 'string' ? frame : JSON.stringify(frame) });
    return program.until('a refusal', () => answers(program, 'refused')[before]);
  };

  for (const frame of ['not JSON', '[]', {}, { t: 'do' }, { t: 'do', client_id: 'no UUID', deed: { kind: 'join', conversation: lobby } }]) {
    assert.deepEqual(await refusal(frame), { t: 'refused', code: 'malformed' });
  }
  assert.deepEqual(await refusal({ t: 'dance' }), { t: 'refused', code: 'unknown_kind' });
  for (const [deed, code] of [
    [{ kind: 'dance' }, 'unknown_kind'],
    [{ kind: 'post' }, 'malformed'],
    [{ kind: 'post', conversation: lobby, body: ' \n ' }, 'empty'],
    [{ kind: 'post', conversation: lobby, body: '长'.repeat(4001) }, 'too_long'],
    [{ kind: 'post', conversation: 999, body: 'Is anybody here?' }, 'not_found'],
    [{ kind: 'open_direct', with: 999 }, 'not_found'],
    [{ kind: 'make_channel', title: 'two\nlines' }, 'bad_character'],
    [{ kind: 'make_channel', title: '题'.repeat(81) }, 'too_long'],
  ]) {
    const clientId = randomUUID();
    assert.deepEqual(await refusal({ t: 'do', client_id: clientId, deed }), { t: 'refused', client_id: clientId, code });
  }

  // A kind of frame that only a later level knows does a client no harm either.
  await program.ask('pretend', { frame: { t: 'dance', steps: 3 } });
  await program.ask('send_text', { text: '{"t":"ping","later":true}' });
  await program.until('a pong', () => answers(program, 'pong').length === 1);
  await did(program, { kind: 'post', conversation: lobby, body: '长'.repeat(4000) });
  assert.deepEqual(program.closes, []);
  assert.equal(answers(program, 'welcome').length, 1);
}));
