// Tabs that die in the middle of sending, and laptops that sleep: nothing lost, nothing twice.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Program } from './harness/program.mjs';
import { Sleep } from './harness/sleep.mjs';
import { Stage } from './harness/stage.mjs';

const ROUNDS = 30;

const stage = await Stage.forThisFile({ flags: ['--deed-burst', '1000'] });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });

test('thirty tabs that die while sending lose nothing and send nothing twice', async () => {
  const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
  await lin.makesGroup('Crash', [maya]);
  await maya.opens('Crash');
  const path = new URL(maya.page.url()).pathname;
  await maya.page.close();
  const composed = [];
  const counts = { draft: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const tab = await maya.opensTab(path);
    await tab.isAt('Crash');
    await says(tab, `message ${round + 1}`, composed, counts);
    await dies(tab, moments[round % moments.length]);
  }
  const last = await maya.opensTab(path);
  await last.isAt('Crash');
  await says(last, 'the last one', composed, counts);
  await last.seesAs('sent', 'the last one');
  await last.hasSentAll();

  const witness = await Program.signIn(stage.server, { name: 'linwen' });
  const log = await witness.history(Number(path.split('/')[2]));
  witness.leaves();
  assert.deepEqual(log, composed);
  await last.seesExactly(composed);
  console.log(`  ${ROUNDS} tabs died: ${counts.draft} left their message as a draft`);
});

test('a laptop that slept for ten minutes catches up without being loaded anew', async () => {
  stage.forgives(...CUT);
  const maya = await stage.person({ name: 'sleepy', display: 'Sleepy' });
  await maya.page.clock.install();
  await maya.signsUp();
  await lin.makesGroup('Night', [maya]);
  await maya.opens('Night');
  await maya.says('good night');
  await lin.sees('good night');
  await maya.page.evaluate(() => (window.isTheSamePage = true));

  const sleep = await Sleep.of(maya);
  maya.cable.die();
  const said = ['good night'];
  for (let hour = 1; hour <= 5; hour += 1) {
    said.push(`${hour} 点了`);
    await lin.says(said.at(-1));
    await lin.seesAs('sent', said.at(-1));
  }
  maya.cable.mend();
  await sleep.ends();
  await maya.page.clock.fastForward('10:00');
  await maya.seesExactly(said);
  await maya.says('good morning');
  await lin.seesExactly([...said, 'good morning']);
  assert.ok(await maya.page.evaluate(() => window.isTheSamePage));
});

/** The moments at which a tab dies: from before its Enter is heard until its message is on its way. */
const moments = [
  async () => {},
  async (tab) => tab.page.evaluate(() => {}),
  async (tab, pressed) => pressed,
  async (tab, pressed) => pressed.then(() => tab.page.evaluate(() => new Promise(requestAnimationFrame))),
  async (tab, pressed) => pressed.then(() => tab.page.evaluate(() => new Promise((soon) => setTimeout(soon, 5)))),
];

/** What an earlier tab left in the composer goes first; then something new stands there. */
async function says(tab, text, composed, counts) {
  const left = await tab.composer.inputValue();
  if (left) {
    counts.draft += 1;
    assert.equal(left, composed.at(-1), 'the draft is the message that did not get out');
    await tab.composer.press('Enter');
    await tab.seesAs('sent', left);
  }
  await tab.composer.fill(text);
  composed.push(text);
  if (text === 'the last one') await tab.composer.press('Enter');
}

/** Enter, and the end that nobody can prepare for. */
async function dies(tab, moment) {
  const cdp = await tab.context.newCDPSession(tab.page);
  const gone = new Promise((resolve) => tab.page.once('crash', resolve));
  // The page is gone before it could answer.
  const pressed = cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }).catch(() => {});
  await moment(tab, pressed);
  cdp.send('Page.crash').catch(() => {});
  await gone;
  await tab.page.close();
}
