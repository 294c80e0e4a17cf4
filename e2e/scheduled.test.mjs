// Messages for later: chosen, changed, taken back, and posted once, also when the server was dead at their time.

import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const maya = await stage.newcomer({ name: 'maya', display: 'Maya' });
const laptop = await stage.secondDevice(maya);
for (const person of [lin, maya, laptop]) await person.opens(LOBBY);

const line = (person, count) =>
  person.button(count === 1 ? '1 scheduled message' : `${count} scheduled messages`);
const item = (person, text) => person.dialog.getByRole('listitem').filter({ hasText: text });

test('a message for later shows on every device, and can be changed, sent now and taken back', async () => {
  await schedules(maya, 'happy birthday', /Tomorrow morning/);
  await maya.composer.fill('see you there');
  // The other button of the mouse, or a long press, does the same as the clock.
  await maya.button('Send').click({ button: 'right' });
  await maya.dialog.getByRole('button', { name: /In an hour/ }).click();
  await line(laptop, 2).click();
  await item(laptop, 'happy birthday').getByRole('button', { name: 'Don’t send' }).click();
  await item(laptop, 'happy birthday').waitFor({ state: 'detached' });
  await item(laptop, 'see you there').getByRole('button', { name: 'Edit' }).click();
  await laptop.dialog.getByRole('textbox', { name: 'Message', exact: true }).fill('see you at eight');
  await laptop.button('Save').click();
  await item(laptop, 'see you at eight').waitFor();
  await laptop.button('Close').click();

  await line(maya, 1).click();
  await item(maya, 'see you at eight').getByRole('button', { name: 'Send now' }).click();
  await maya.button('Close').click();
  await line(maya, 1).waitFor({ state: 'detached' });
  await Promise.all([lin, maya, laptop].map((person) => person.sees('see you at eight')));
  await stage.allSeeTheSame(lin, maya, laptop);
});

test('a message whose time came while the server was dead goes out once when it is back', async () => {
  stage.forgives(...CUT);
  await clockIsBehind(maya, 5);
  await schedules(maya, 'good morning', /In an hour/);
  const due = Date.now() + 5000;
  await line(laptop, 1).waitFor();
  await stage.server.kill();
  await until('its time has come', () => Date.now() > due);
  await stage.server.restart();
  await maya.reloads();
  await Promise.all([lin, maya, laptop].map((person) => person.sees('good morning')));
  await line(maya, 1).waitFor({ state: 'detached' });
  await line(laptop, 1).waitFor({ state: 'detached' });
  await stage.server.kill();
  await stage.server.restart();
  await lin.says('早上好');
  await Promise.all([lin, maya, laptop].map((person) => person.sees('早上好')));
  await stage.allSeeTheSame(lin, maya, laptop);
});

test('a message for later that is composed without a network waits here, and the draft is gone', async () => {
  stage.forgives(...CUT);
  maya.cable.cut();
  await schedules(maya, 'written in the train', /In an hour/);
  await line(maya, 1).click();
  await item(maya, 'written in the train').getByText('Waiting').waitFor();
  maya.cable.mend();
  await item(maya, 'written in the train').getByText('Waiting').waitFor({ state: 'detached' });
  await maya.button('Don’t send').click();
  await maya.dialog.getByText('Nothing is scheduled here any more.').waitFor();
  await maya.button('Close').click();
});

async function schedules(person, text, moment) {
  await person.composer.fill(text);
  await person.button('Send later').click();
  await person.dialog.getByRole('button', { name: moment }).click();
  await person.button('1 scheduled message').waitFor();
}

/** The clock of this person's page is behind by nearly an hour: for the server "in an hour" is in a few seconds. */
async function clockIsBehind(person, seconds) {
  const millis = (60 * 60 - seconds) * 1000;
  await person.page.evaluate((millis) => {
    const now = Date.now;
    Date.now = () => now() - millis;
  }, millis);
}
