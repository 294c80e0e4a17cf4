// Searching: what was said is found again, by words as people type them and by filters, and opens where it stands.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { isFocused } from './harness/deeds.mjs';
import { InputMethod } from './harness/ime.mjs';
import { isAtTheBeginning, scroll } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const ARCHIVE = '旧事 Archive';
// Nobody reads up to its beginning, so no device keeps that.
const DEPTHS = '深处 Depths';
const HOME = '我家在上海东边';
const MAPS = ['给你地图', '纸的', 'other-map', 'com/map'];
const stage = await Stage.forThisFile({ flags: ['--deed-burst', '2000'] });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const { page, words } = lin;
const yuan = await stage.program({ name: 'yuan', display: '周予安' });
const jonas = await stage.program({ name: 'jonas', display: 'Jonas Weber' });
const archive = await yuan.makesChannel(ARCHIVE);
await yuan.tells(archive, 150);
await yuan.says(archive, HOME);
await yuan.tells(archive, 150, 'later story');
await yuan.says(yuan.lobby, '地图在这里 https://example.com/map');
await jonas.says(yuan.lobby, '另一张地图 https://example.org/other-map');
await jonas.says(yuan.lobby, '地图我有，**纸的**');
await jonas.says(yuan.lobby, '@linwen 给你地图');
const secret = await yuan.makesGroup('暗号', [jonas]);
await yuan.says(secret, '暗号是薄荷');
const depths = await yuan.makesChannel(DEPTHS);
await yuan.says(depths, '潜水艇沉下去了');
await yuan.tells(depths, 150, 'bubble');
await lin.joins(DEPTHS);
await lin.joins(ARCHIVE);
const field = fieldOf(lin);

// What another test left open is none of the next one's business.
beforeEach(async () => {
  await lin.visits('/');
  await lin.isIn();
});

test('while an input method composes nothing is asked or opened; then two characters find what has no spaces', async () => {
  const device = await stage.secondDevice(lin);
  const asked = asksOf(page);
  const method = await InputMethod.of(lin);
  await lin.opens(ARCHIVE);
  await field.focus();
  await method.composes('shanghai');
  await method.pressesEnter();
  await method.pressesEnterAs229();
  // Whoever begins to type now, without an input method, has an answer.
  await looksFor(device, '没人说过这个');
  await device.list.getByText(words.noMessage).waitFor();
  await device.context.close();
  assert.deepEqual(asked, []);
  assert.match(page.url(), new RegExp(`/c/${archive}$`));
  await method.commits('上海');
  await InputMethod.confirmsAsSafariDoes(field);
  await hit(lin, HOME).waitFor();
  assert.deepEqual(asked, ['上海']);
  assert.deepEqual(await lin.list.locator('mark').allTextContents(), ['上海']);
  assert.match(await hit(lin, HOME).textContent(), /旧事 Archive.*周予安：我家在上海东边/);
});

test('what is found opens in its context, and one reads on in both directions', async () => {
  await looksFor(lin, '上海');
  await hit(lin, HOME).waitFor();
  await field.press('ArrowDown');
  await isFocused(lin, hit(lin, HOME));
  await page.keyboard.press('Enter');
  await lin.message(HOME).and(page.locator('.is-lit')).waitFor();
  await lin.sees('story 150.', 'later story 1.');
  assert.equal((await lin.reads()).includes('later story 150.'), false, 'the newest are far away');
  assert.equal(await isAtTheBeginning(lin), false, 'and so is the beginning');
  await until('it reads on above', async () => (await scroll(lin, -30_000), isAtTheBeginning(lin)));
  const is_last_there = async () => (await lin.reads()).includes('later story 150.');
  await until('it reads on below', async () => (await scroll(lin, 30_000), is_last_there()));
  assert.equal(await hit(lin, HOME).getAttribute('aria-current'), 'true', 'the list says which one is open');
  await lin.button(words.clearSearch).click();
  await lin.row(LOBBY).waitFor();
});

test('one character, full width and traditional characters find as much', async () => {
  await looksFor(lin, '图');
  await seesHits(lin, MAPS);
  await looksFor(lin, 'ｍａｐ');
  await seesHits(lin, ['other-map', 'com/map']);
  await looksFor(lin, '地圖');
  await seesHits(lin, MAPS);
  assert.deepEqual(new Set(await lin.list.locator('mark').allTextContents()), new Set(['地图']));
  await page.keyboard.press('Escape');
});

test('it is done by keyboard alone, and the focus is back where it was', async () => {
  await lin.opens(LOBBY);
  await lin.composer.fill('写到一半');
  await page.keyboard.press('Control+f');
  await isFocused(lin, field);
  assert.ok(await passesOn(field, { key: 'f', ctrlKey: true }), 'once more, and it is the browser that looks');
  await page.keyboard.insertText('纸的');
  await hit(lin, '纸的').waitFor();
  await page.keyboard.press('ArrowDown');
  await isFocused(lin, hit(lin, '纸的'));
  await page.keyboard.press('ArrowUp');
  await isFocused(lin, field);
  await page.keyboard.press('Escape');
  await isFocused(lin, lin.composer);
  await lin.row(LOBBY).waitFor();
  assert.equal(await field.inputValue(), '');
  assert.equal(await lin.composer.inputValue(), '写到一半');
  await lin.composer.fill('');
  await lin.list.getByRole('link').last().focus();
  await page.keyboard.press('Control+f');
  await page.keyboard.insertText('纸的');
  await hit(lin, '纸的').waitFor();
  await page.keyboard.press('Enter');
  await lin.message('纸的').and(page.locator('.is-lit')).waitFor();
  assert.ok(await hit(lin, '纸的').isVisible(), 'the results stay');
});

test('a screen reader is told what these are, and how many', async () => {
  const results = page.getByRole('region', { name: words.results });
  await looksFor(lin, '地图');
  await results.getByRole('status').getByText(words.found(4), { exact: true }).waitFor();
  await results.getByRole('heading', { name: words.foundMessages, exact: true }).waitFor();
  await results.getByRole('list').getByRole('link', { name: /^大厅 Lobby .* Jonas Weber：地图我有，纸的$/ }).waitFor();
  await page.getByRole('button', { name: words.filters, exact: true, expanded: false }).click();
  await page.getByRole('button', { name: words.filters, exact: true, expanded: true }).waitFor();
  await page.getByRole('group', { name: words.filters }).getByLabel(words.before, { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await isFocused(lin, field);
  await seesHits(lin, MAPS);
  await page.keyboard.press('Escape');
});

test('filters are typed or chosen, stand as chips, and are taken away again', async () => {
  await looksFor(lin, 'from:yuan 地图');
  await seesHits(lin, ['com/map']);
  await lin.button(words.remove('发送者：周予安')).waitFor();
  assert.equal(await field.inputValue(), '地图', 'the filter has become a chip');
  await lin.button(words.remove('发送者：周予安')).click();
  await seesHits(lin, MAPS);

  await lin.button(words.filters).click();
  await lin.button(words.hasLink).click();
  await seesHits(lin, ['other-map', 'com/map']);
  await lin.button(words.filters).click();
  await lin.button(words.from).click();
  await lin.list.getByRole('textbox', { name: words.findPeople }).fill('jon');
  await lin.list.getByRole('button', { name: 'Jonas Weber' }).click();
  await seesHits(lin, ['other-map']);
  await field.fill('');
  await field.press('Backspace');
  await seesHits(lin, ['other-map', 'com/map']);
  await lin.button(words.clearSearch).click();
  await lin.row(LOBBY).waitFor();
});

test('where, when and whom it calls narrow it down, too', async () => {
  await looksFor(lin, `in:"${ARCHIVE}" story`);
  await until('there is a page', async () => (await hits(lin).count()) === 30);
  await looksFor(lin, '地图');
  await lin.list.getByText(words.noMessage).waitFor();
  await lin.button(words.clearSearch).click();

  await looksFor(lin, 'mentions:me 地图');
  await seesHits(lin, ['给你地图']);
  await lin.button(words.clearSearch).click();

  await looksFor(lin, 'has:file 地图');
  await lin.list.getByText(words.noMessage).waitFor();
  await lin.button(words.clearSearch).click();

  const [yesterday, tomorrow] = [-1, 1].map(dayFromNow);
  await looksFor(lin, `after:${yesterday} before:${tomorrow} 地图`);
  await seesHits(lin, MAPS);
  await setsDay(words.before, yesterday);
  await lin.button(words.remove(`早于 ${yesterday}`)).waitFor();
  await lin.list.getByText(words.noMessage).waitFor();
  await setsDay(words.before, tomorrow);
  await seesHits(lin, MAPS);
  await setsDay(words.after, tomorrow);
  await lin.list.getByText(words.noMessage).waitFor();
  await lin.button(words.clearSearch).click();
});

test('nobody finds what is said in a group that they are not in', async () => {
  await looksFor(lin, '薄荷');
  await lin.list.getByText(words.noMessage).waitFor();
  assert.equal(await lin.list.locator('mark').count(), 0);
  await looksFor(lin, 'from:nobodyhere 薄荷');
  await lin.list.getByText(words.nobody).waitFor();
  await yuan.says(yuan.lobby, '薄荷长高了');
  await looksFor(lin, '薄荷 ');
  await seesHits(lin, ['薄荷长高了']);
  await page.keyboard.press('Escape');
});

test('people and conversations come first, and Enter goes there', async () => {
  await looksFor(lin, 'lobby');
  await named(lin, LOBBY).waitFor();
  await page.keyboard.press('Enter');
  await lin.isAt(LOBBY);
  await looksFor(lin, 'lobby');
  await named(lin, LOBBY).waitFor();
  await page.keyboard.press('Enter');
  await isFocused(lin, field);
  assert.equal(await field.inputValue(), '', 'one is there already');
  await looksFor(lin, 'jonas');
  await lin.list.getByRole('button').filter({ hasText: 'Jonas Weber' }).click();
  await lin.isAt('Jonas Weber');
});

test('a button looks in one conversation, and there are more pages', async () => {
  await lin.opens(ARCHIVE);
  await lin.button(words.searchHere).click();
  await isFocused(lin, field);
  await lin.button(words.remove(`会话：${ARCHIVE}`)).waitFor();
  await page.keyboard.insertText('story');
  await until('there is a page', async () => (await hits(lin).count()) === 30);
  await lin.button(words.moreMessages).click();
  await until('there are two', async () => (await hits(lin).count()) === 60);
  await isFocused(lin, lin.button(words.moreMessages));
  await page.keyboard.press('Escape');
  await isFocused(lin, lin.button(words.searchHere));
});

test('on a phone one goes from a conversation to what is found in it, and back', async () => {
  const phone = await stage.secondDevice(lin, { viewport: { width: 390, height: 800 } });
  await phone.opens(LOBBY);
  await phone.button(words.searchHere).click();
  await isFocused(phone, fieldOf(phone));
  await phone.page.keyboard.insertText('地图');
  await hit(phone, '纸的').click();
  await phone.message('纸的').and(phone.page.locator('.is-lit')).waitFor();
  await phone.page.goBack();
  await hit(phone, '纸的').waitFor();
  await phone.context.close();
});

test('without a connection it says so, finds what this device keeps, and goes on when there is one', async () => {
  stage.forgives(...CUT);
  await lin.opens(LOBBY);
  await lin.sees('薄荷长高了');
  await lin.keepsThePage();
  await lin.keeps('薄荷长高了');
  await lin.goesOffline();
  await lin.reloads();
  await lin.status.getByText(words.offline).waitFor();
  await looksFor(lin, '地图');
  await seesHits(lin, MAPS);
  await lin.list.getByText(words.searchOffline).waitFor();
  await hit(lin, '纸的').click();
  await lin.message('纸的').and(page.locator('.is-lit')).waitFor();
  await looksFor(lin, 'from:jonas has:link 地图');
  await seesHits(lin, ['other-map']);
  await lin.button(words.clearSearch).click();
  await looksFor(lin, 'lobby');
  await named(lin, LOBBY).waitFor();
  await looksFor(lin, '潜水艇');
  await until('nothing is left of it', async () => (await hits(lin).count()) === 0);
  await lin.list.getByText(words.searchOffline).waitFor();
  await lin.comesBack();
  await hit(lin, '潜水艇').waitFor();
});

function fieldOf(person) {
  return person.list.getByRole('textbox', { name: person.words.search, exact: true });
}

async function looksFor(person, text) {
  await fieldOf(person).fill(text);
}

/** All messages that are found. */
function hits(person) {
  return person.list.getByRole('link').and(person.page.locator('.messages .hit'));
}

function hit(person, text) {
  return hits(person).filter({ hasText: text });
}

/** A conversation that is found by its name. */
function named(person, title) {
  return person.list.getByRole('link').and(person.page.locator('.is-name')).filter({ hasText: title });
}

/** Waits until exactly these are found, in this order. */
async function seesHits(person, texts) {
  const fit = (all) => all.length === texts.length && all.every((text, at) => text.includes(texts[at]));
  await until(`${texts} are found`, async () => fit(await hits(person).allTextContents()), () => hits(person).allTextContents());
}

/** What this page asks the server for, from now on. */
function asksOf(page) {
  const asked = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/api/search') asked.push(searchParams.get('q'));
  });
  return asked;
}

/** Whether a key is left to the browser. */
function passesOn(element, key) {
  return element.evaluate((element, key) => element.dispatchEvent(new KeyboardEvent('keydown', { ...key, bubbles: true, cancelable: true })), key);
}

async function setsDay(label, day) {
  await lin.button(words.filters).click();
  const form = page.getByRole('group', { name: words.filters }).locator('form');
  const row = form.filter({ has: page.getByLabel(label, { exact: true }) });
  await row.getByLabel(label, { exact: true }).fill(day);
  await row.getByRole('button', { name: words.takeDay, exact: true }).click();
}

/** As a person here writes it. */
function dayFromNow(days) {
  const at = new Date(Date.now() + days * 24 * 60 * 60 * 1000);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
