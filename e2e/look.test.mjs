// How it looks and feels to everybody: contrast and names, narrow and wide, by keyboard alone, in both languages.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { fill } from './example/town.mjs';
import { READERS, VIEWS } from './example/views.mjs';
import { PASSWORD } from './harness/program.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

// Axe looks at both ends; between and beyond them only the width is held against the screen's.
const WIDTHS = { 1440: true, 834: false, 390: true, 320: false };

const stage = await Stage.forThisFile({ flags: ['--deeds-per-second', '1000'] });
await fill(stage.server);

for (const lang of ['en', 'zh']) {
  for (const scheme of ['light', 'dark']) {
    test(`axe finds nothing on any page, and nothing is wider than the screen (${lang}, ${scheme})`, async () => {
      const faults = [];
      for (const { name, stranger, route, go } of VIEWS.filter(({ is_page }) => is_page)) {
        const person = await stage.person({ ...READERS[lang], lang, scheme });
        await route?.(person.page);
        if (!stranger) await person.signsIn();
        await go(person);
        for (const [width, with_axe] of Object.entries(WIDTHS)) {
          await person.page.setViewportSize({ width: Number(width), height: 800 });
          await person.stands();
          const found = [...(await tooWide(person)), ...(with_axe ? await whatAxeFinds(person) : [])];
          faults.push(...found.map((fault) => `${name} at ${width} px: ${fault}`));
        }
        await person.context.close();
      }
      assert.deepEqual(faults, []);
    });
  }
}

test('everything can be done by keyboard alone', async () => {
  const key = await stage.person({ name: 'keys', display: 'Kim Keys' });
  const { page, words } = key;
  await key.visits('/signup');
  await key.tabsTo(page.getByLabel(words.name, { exact: true }));
  await page.keyboard.type('keys');
  await key.tabsTo(page.getByLabel(words.display, { exact: true }));
  await page.keyboard.type('Kim Keys');
  await key.tabsTo(page.getByLabel(words.password, { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await key.isIn();

  await key.tabsTo(key.row(LOBBY));
  await page.keyboard.press('Enter');
  await key.isAt(LOBBY);
  await key.tabsTo(key.composer);
  await page.keyboard.type('without a mouse');
  await page.keyboard.press('Enter');
  await key.seesAs('sent', 'without a mouse');

  await key.tabsTo(key.button(words.newConversation));
  await page.keyboard.press('Enter');
  await key.tabsTo(key.dialog.getByRole('checkbox', { name: words.choose('Jonas Weber') }));
  await page.keyboard.press('Space');
  await key.tabsTo(key.dialog.getByRole('textbox', { name: words.groupName }));
  await page.keyboard.type('By keys');
  await page.keyboard.press('Enter');
  await key.isAt('By keys');
});

test('what is typed right after Ctrl-K goes into the switcher, not into the message', async () => {
  const key = await stage.newcomer({ name: 'fast', display: 'Fast' });
  await key.opens(LOBBY);
  await key.composer.focus();
  const presses = () => key.composer.evaluate(async (field) => {
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
    // All that a browser does before it takes the next key, and no timer.
    for (let count = 0; count < 8; count += 1) await Promise.resolve();
    return document.activeElement.getAttribute('aria-label');
  });
  // Its part is on its way.
  assert.equal(await presses(), null, 'nothing has the focus');
  await key.page.getByRole('combobox').waitFor();
  await key.page.keyboard.press('Escape');
  await until('the focus is back', () => key.composer.evaluate((field) => field === document.activeElement));
  assert.equal(await presses(), key.words.jumpTo);
});

test('the keys of the sheet do what it says', async () => {
  const key = await stage.newcomer({ name: 'sheet', display: 'Sheet' });
  const { page, words } = key;
  await key.writesTo('Jonas Weber');
  await key.opens(LOBBY);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await page.keyboard.type('jonas');
  await page.keyboard.press('Enter');
  await key.isAt('Jonas Weber');
  await page.keyboard.press('Alt+ArrowDown');
  await key.isAt(LOBBY);
  await page.keyboard.press('Alt+ArrowUp');
  await key.isAt('Jonas Weber');
  await key.composer.fill('Esc never loses this');
  await key.detailsLink.click();
  await key.details.waitFor();
  await key.list.getByRole('link').last().focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: words.shortcuts }).waitFor();
  await page.keyboard.press('Escape');
  await until('the sheet is closed', async () => (await key.dialog.count()) === 0);
  assert.ok(await key.list.getByRole('link').last().evaluate((row) => row === document.activeElement), 'the focus is back');
  await page.keyboard.press('Escape');
  await until('the details are closed', async () => (await key.details.count()) === 0);
  assert.equal(await key.composer.inputValue(), 'Esc never loses this');
});

test('on a phone, going back leads from the details to the conversation and to the list', async () => {
  const key = await stage.newcomer({ name: 'phone', display: 'Phone', lang: 'zh', viewport: { width: 390, height: 800 } });
  await key.writesTo('Jonas Weber');
  assert.ok(await key.list.isHidden());
  await key.detailsLink.click();
  await key.details.getByRole('listitem').first().waitFor();
  assert.equal((await key.details.boundingBox()).width, 390, 'the details fill the screen');
  await key.page.goBack();
  await key.isAt('Jonas Weber');
  await key.page.goBack();
  await key.list.waitFor();
  assert.equal(await key.composer.count(), 0);
});

test('the connection test measures the echo', async () => {
  const maya = await stage.person({ name: 'maya', display: 'Maya Okafor' });
  await maya.signsIn();
  await maya.visits('/settings');
  await maya.button(maya.words.runEcho).click();
  await maya.status.getByText(maya.words.echoResult).waitFor();
});

test('language and theme follow the choice at once, and after a reload', async () => {
  const jonas = await stage.person({ name: 'jonas', display: 'Jonas Weber', scheme: 'light' });
  const brightness = () => jonas.page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data[1];
  });
  await jonas.signsIn();
  await jonas.visits('/settings');
  await jonas.page.getByRole('radiogroup', { name: 'Theme' }).getByText('Dark').click();
  await until('it is dark', async () => (await brightness()) < 60);
  await jonas.page.getByRole('radiogroup', { name: 'Language' }).getByText('简体中文').click();
  await jonas.page.getByRole('heading', { name: '设置' }).waitFor();
  jonas.lang = 'zh';
  await jonas.reloads();
  await jonas.page.getByRole('heading', { name: '设置' }).waitFor();
  assert.equal(await jonas.page.locator('html').getAttribute('lang'), 'zh-Hans');
  assert.ok((await brightness()) < 60);
  await jonas.visits('/');
  await jonas.isIn();
});

async function whatAxeFinds(person) {
  const { violations } = await new AxeBuilder({ page: person.page }).setLegacyMode().analyze();
  const told = ({ html, any }) => `${html} ${any.map(({ message }) => message).join('; ')}`;
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(told).join(' | ')}`);
}

/** What can be scrolled sideways, but for code and tables, which are as wide as they are. */
async function tooWide(person) {
  return person.page.evaluate(() => {
    const scrolls = (element) =>
      ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && !element.matches('pre, .wide');
    const all = [document.documentElement, ...[...document.querySelectorAll('body, body *')].filter(scrolls)];
    const wide = all.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth);
    return wide.map(({ tagName, className, scrollWidth, clientWidth }) =>
      `${tagName}.${className} is ${scrollWidth} px wide in ${clientWidth} px`);
  });
}
