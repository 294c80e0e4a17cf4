// Everything that one does with messages, by keyboard alone: the focus shows where it is, and comes back.

import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { has, isFocused } from './harness/deeds.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const kim = await stage.newcomer({ name: 'kim', display: 'Kim Keys' });
const jonas = await stage.program({ name: 'jonas', display: 'Jonas Weber' });
const { page, words, dialog } = kim;
const climbers = await jonas.makesGroup('Climbers', [await jonas.finds('kim')]);
await jonas.says(climbers, 'who comes on Saturday?');
await page.evaluate(() => {
  addEventListener('pointerdown', () => (window.hasMouse = true), true);
});
afterEach(async () => assert.equal(await page.evaluate(() => window.hasMouse), undefined, 'no mouse was used'));

const row = (text) => kim.message(text).and(kim.timeline.locator('[data-seq]')).first();
const question = kim.timeline.locator('[data-seq="2"]');
const menuitem = (name) => page.getByRole('menuitem', { name, exact: true });
const presses = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
const types = (text) => page.keyboard.type(text);

test('writing: styles, a mention, emoji, an answer, a change, and taking back', async () => {
  await kim.isIn();
  await presses('Control+k');
  await page.getByRole('combobox').waitFor();
  await types('climb');
  await page.getByRole('option').filter({ hasText: 'Climbers' }).waitFor();
  await presses('Enter');
  await kim.isAt('Climbers');
  await isFocused(kim, kim.composer);

  await types('very big');
  await presses('Control+Shift+ArrowLeft', 'Control+b');
  await has(kim, 'very **big**');
  await presses('Enter');
  await kim.sees('very big');

  await types('hi @jo');
  await page.getByRole('option').filter({ hasText: 'Jonas Weber' }).waitFor();
  await presses('Enter');
  await has(kim, 'hi @jonas ');
  await presses('Enter');
  await kim.sees('hi @Jonas Weber ');

  await goesTo(kim.button(words.emoji));
  await presses('Enter');
  await isFocused(kim, page.getByRole('textbox', { name: words.searchEmoji }));
  await page.getByRole('gridcell').first().waitFor();
  await presses('Escape');
  await isFocused(kim, kim.composer);
  await goesTo(kim.button(words.emoji));
  await presses('Enter');
  await isFocused(kim, page.getByRole('textbox', { name: words.searchEmoji }));
  await types('tada');
  await page.getByRole('gridcell', { name: /party|tada/i }).first().waitFor();
  await presses('ArrowDown');
  await showsFocus();
  await presses('Enter');
  await has(kim, '🎉');
  await isFocused(kim, kim.composer);
  await presses('Enter');
  await kim.message('🎉').waitFor();

  await reaches(question);
  await presses('r');
  await page.getByText(words.replying('Jonas Weber')).waitFor();
  await isFocused(kim, kim.composer);
  await types('count me in');
  await presses('Enter');
  await row('count me in').getByRole('button', { name: 'who comes on Saturday?' }).waitFor();
  // What is still on its way cannot be changed yet.
  await kim.hasSentAll();

  await presses('ArrowUp');
  await has(kim, 'count me in');
  await types(' and Wei');
  await presses('Enter');
  await row('count me in and Wei').getByRole('button', { name: words.edited }).waitFor();
  await isFocused(kim, kim.composer);
  await reaches(row('count me in and Wei'));
  await goesTo(row('count me in and Wei').getByRole('button', { name: words.edited }));
  await presses('Enter');
  await dialog.getByText('count me in', { exact: true }).waitFor();
  await presses('Escape');
  await isFocused(kim, row('count me in and Wei').getByRole('button', { name: words.edited }));
  await presses('Escape');
  await isFocused(kim, kim.composer);

  await types('too soon');
  await presses('Enter');
  await kim.sees('too soon');
  await presses('Control+z');
  await has(kim, 'too soon');
  await isFocused(kim, kim.composer);
  await presses('Control+a', 'Delete');
});

test('with a message: reacting, pinning, passing on, choosing, recalling', async () => {
  await reaches(question);
  await presses('e');
  await isFocused(kim, page.getByRole('menuitemcheckbox', { name: '👍' }));
  await showsFocus();
  await presses('Enter');
  const reaction = question.getByRole('button', { name: /^👍/ });
  await reaction.waitFor();
  await isFocused(kim, question);
  await goesTo(reaction);
  await presses('Enter');
  await reaction.waitFor({ state: 'detached' });

  await reaches(question);
  await picks(words.pin);
  await isFocused(kim, question);
  const pins = page.getByRole('button', { name: new RegExp(`^${words.pins}`) });
  await goesTo(pins);
  await presses('Enter');
  await dialog.getByRole('button', { name: 'who comes on Saturday?' }).waitFor();
  await presses('Escape');
  await isFocused(kim, pins);

  await reaches(row('count me in and Wei'));
  await picks(words.forward);
  await isFocused(kim, dialog.getByRole('textbox'));
  await types('lobby');
  await goesTo(dialog.getByRole('checkbox', { name: LOBBY }));
  await presses('Space');
  await goesTo(dialog.getByRole('button', { name: words.forwardTo(1), exact: true }));
  await presses('Enter');
  await isFocused(kim, row('count me in and Wei'));

  await picks(words.select);
  await page.getByText(words.chosen(1)).waitFor();
  await isFocused(kim, row('count me in and Wei'));
  await reaches(row('very big'));
  await presses('Space');
  await page.getByText(words.chosen(2)).waitFor();
  await goesTo(kim.button(words.forwardShort));
  await presses('Enter');
  await isFocused(kim, dialog.getByRole('textbox'));
  await presses('Escape');
  await isFocused(kim, kim.button(words.forwardShort));
  await presses('Escape');
  await isFocused(kim, kim.composer);

  await reaches(row('very big'));
  await picks(words.select);
  await goesTo(kim.button(words.recall));
  await presses('Enter');
  await kim.timeline.getByText(words.youRecalled).first().waitFor();
  await isFocused(kim, kim.composer);

  const mine = kim.timeline.locator(`[data-seq="${await row('count me in and Wei').getAttribute('data-seq')}"]`);
  await reaches(mine);
  await picks(words.recall);
  await row('count me in and Wei').waitFor({ state: 'detached' });
  await until('the focus stays in the timeline', () => kim.timeline.evaluate((view) => view.contains(document.activeElement)));
  await goesTo(mine.getByRole('button', { name: words.editAgain }));
  await presses('Enter');
  await has(kim, 'count me in and Wei');
  await isFocused(kim, kim.composer);
  await presses('Control+a', 'Delete');
});

test('going: to what a quote shows and back, to the details, and through the list', async () => {
  for (let count = 1; count <= 25; count += 1) await jonas.says(climbers, `line ${count}`);
  await kim.sees('line 25');
  await reaches(question);
  await presses('r');
  await types('an answer');
  await presses('Enter');
  await kim.sees('an answer');
  await reaches(row('an answer'));
  const answer = row('an answer');
  await goesTo(answer.getByRole('button', { name: 'who comes on Saturday?' }));
  await presses('Enter');
  await isFocused(kim, question);
  await showsFocus();
  await goesTo(kim.button(words.jumpBack));
  await presses('Enter');
  await isFocused(kim, answer);

  await goesTo(kim.detailsLink);
  await presses('Enter');
  await kim.details.waitFor();
  await presses('Escape');
  await until('the details are closed', async () => (await kim.details.count()) === 0);
  await isFocused(kim, kim.detailsLink);

  await goesTo(kim.list.getByRole('textbox'));
  await types('lobby');
  await until('one is left', async () => (await kim.list.getByRole('listitem').count()) === 1);
  await presses('Escape');
  await until('all are there again', async () => (await kim.list.getByRole('listitem').count()) > 1);
  await types('lobby');
  await presses('Enter');
  await kim.isAt(LOBBY);
  await kim.sees('count me in and Wei');
  await goesTo(kim.row('Climbers'));
  await presses('Enter');
  await kim.isAt('Climbers');
});

test('later, the sheet of keys, and the settings', async () => {
  await goesTo(kim.composer);
  await types('happy birthday');
  await goesTo(kim.button('Send later'));
  await presses('Enter');
  await goesTo(dialog.getByRole('button', { name: /Tomorrow morning/ }));
  await presses('Enter');
  const line = kim.button('1 scheduled message');
  await line.waitFor();
  await isFocused(kim, kim.composer);
  await goesTo(line);
  await presses('Enter');
  await goesTo(dialog.getByRole('button', { name: 'Don’t send' }));
  await presses('Enter');
  await dialog.getByText('Nothing is scheduled here any more.').waitFor();
  await presses('Escape');
  await line.waitFor({ state: 'detached' });
  await isFocused(kim, kim.composer);

  await reaches(row('line 25'));
  await presses('?');
  await page.getByRole('dialog', { name: words.shortcuts }).waitFor();
  await presses('Escape');
  await isFocused(kim, row('line 25'));

  await goesTo(page.getByRole('link', { name: words.settings }));
  await presses('Enter');
  await page.getByRole('heading', { name: words.settings }).waitFor();
  await kim.tabsTo(page.getByRole('radio', { name: words.themes.system }));
  await presses('ArrowRight');
  await until('another theme is chosen', () => page.getByRole('radio', { name: words.themes.light }).isChecked());
  await goesTo(page.getByRole('link', { name: 'Back' }));
  await presses('Enter');
  await kim.isIn();
});

/** Goes on by Tab, and sees where the focus is. */
async function goesTo(locator) {
  await kim.tabsTo(locator);
  await showsFocus();
}

/** Back into the timeline, and by arrows to a message. */
async function reaches(message) {
  await message.waitFor();
  const where = () => message.evaluate((row) => {
    const now = document.activeElement;
    if (now === row) return 'there';
    if (!now.closest('[role=region]')?.contains(row)) return 'outside';
    return row.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_PRECEDING ? 'below' : 'above';
  });
  for (let count = 0; ; count += 1) {
    const at = await where();
    if (at === 'there') break;
    assert.ok(count < 120, `${message} is not reached`);
    await presses({ outside: 'Shift+Tab', below: 'ArrowDown', above: 'ArrowUp' }[at]);
  }
  await showsFocus();
}

/** A line of the menu of the message that has the focus. */
async function picks(name) {
  await presses('m');
  await menuitem(name).waitFor();
  for (let count = 0; !(await menuitem(name).evaluate((item) => item === document.activeElement)); count += 1) {
    assert.ok(count < 30, `the menu has ${name}`);
    await presses('ArrowDown');
  }
  await showsFocus();
  await presses('Enter');
}

/** What has the focus has a ring, or the box or the bubble around it does; in a field of text there is the caret. */
async function showsFocus() {
  const { is_shown, what } = await page.evaluate(() => {
    const now = document.activeElement;
    const near = [now, now.parentElement, now.closest('label'), now.querySelector('.bubble, .gone-line')].filter(Boolean);
    const has_ring = (one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow.includes('inset');
    };
    const is_text = now.matches('textarea, input[type=text]');
    return { is_shown: now !== document.body && (is_text || near.some(has_ring)), what: now.outerHTML.slice(0, 120) };
  });
  assert.ok(is_shown, `the focus shows at ${what}`);
}
