// Threads: replies beside the timeline, which stand in the conversation, too, and count there.

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

const pane = (person) => person.page.getByRole('region', { name: person.words.thread, exact: true });
const replies = (person) => pane(person).getByRole('region', { name: person.words.replies, exact: true });
const field = (person) => pane(person).getByRole('textbox', { name: person.words.replyInThread });

const opensThread = async (person, text) => {
  await picks(person, person.words.replyInThread, text);
  await field(person).waitFor();
};
const repliesInThread = async (person, text) => {
  await field(person).fill(text);
  await field(person).press('Enter');
};

test('a reply in a thread is seen beside the timeline and in it, on both sides, live', async () => {
  await lin.says('午饭？');
  await maya.sees('午饭？');
  await opensThread(maya, '午饭？');
  await replies(maya).getByText('午饭？').waitFor();
  await repliesInThread(maya, 'Noodles');
  await lin.sees('Noodles');
  await lin.timeline.getByRole('link', { name: lin.words.repliesAt(1) }).click();
  await replies(lin).getByText('Noodles').waitFor();
  await repliesInThread(lin, '好');
  await replies(maya).getByText('好').waitFor();
  await maya.sees('好');
  await maya.timeline.getByRole('link', { name: maya.words.repliesAt(2) }).waitFor();
  // From the reply itself one gets there, too.
  await pane(maya).getByRole('link', { name: maya.words.close }).click();
  await maya.message('好').getByRole('link', { name: '午饭？' }).click();
  await replies(maya).getByText('Noodles').waitFor();
});

test('a reply in a thread counts as unread in its conversation', async () => {
  await lin.says('a question');
  await maya.sees('a question');
  await maya.opens(LOBBY);
  await opensThread(lin, 'a question');
  await repliesInThread(lin, 'an answer');
  await maya.seesUnread(room, 1);
  await maya.opens(room);
  await maya.sees('an answer');
  await maya.seesUnread(room, 0);
});

test('a thread has a draft of its own, and the conversation keeps its own', async () => {
  await lin.says('two fields');
  await maya.sees('two fields');
  await maya.composer.fill('for all');
  await opensThread(maya, 'two fields');
  await field(maya).fill('for the thread');
  await maya.reloads();
  await field(maya).waitFor();
  assert.equal(await field(maya).inputValue(), 'for the thread');
  assert.equal(await maya.composer.inputValue(), 'for all');
});

test('the whole thread is there, also what the timeline has not loaded, and it stays true', async () => {
  const zhang = await stage.program({ name: 'zhang', display: '张三' });
  const channel = await zhang.makesChannel('Long talks');
  const root = await zhang.says(channel, 'the root');
  const reply = { kind: 'post', conversation: channel, body: 'the first reply', thread: root };
  const { seq } = await zhang.does(reply);
  await zhang.tells(channel, 60);
  await maya.joins('Long talks');
  await maya.visits(`/c/${channel}/t/${root}`);
  await replies(maya).getByText('the first reply').waitFor();
  assert.equal(await maya.timeline.locator(`[data-seq="${seq}"]`).count(), 0, 'the timeline begins later');
  await zhang.does({ kind: 'edit', conversation: channel, target: seq, body: 'the first reply, mended' });
  await replies(maya).getByText('the first reply, mended').waitFor();
  await zhang.does({ ...reply, body: 'the last reply' });
  await replies(maya).getByText('the last reply').waitFor();
});

test('one follows a thread by writing in it, and leaves it', async () => {
  await lin.says('follow me');
  await maya.sees('follow me');
  await opensThread(maya, 'follow me');
  const follows = (name) => pane(maya).getByRole('button', { name, exact: true });
  await follows(maya.words.follow).waitFor();
  await repliesInThread(maya, 'here I am');
  await follows(maya.words.following).click();
  await follows(maya.words.follow).waitFor();
  await maya.reloads();
  await follows(maya.words.follow).waitFor();
});

test('on a narrow screen the thread is a page of its own, and Back leads out of it', async () => {
  await lin.says('small');
  await maya.sees('small');
  await maya.page.setViewportSize({ width: 390, height: 844 });
  await opensThread(maya, 'small');
  await until('the timeline is out of sight', async () => !(await maya.timeline.isVisible()));
  await maya.page.goBack();
  await maya.timeline.waitFor();
  await pane(maya).waitFor({ state: 'detached' });
  await maya.page.setViewportSize({ width: 1200, height: 800 });
});
