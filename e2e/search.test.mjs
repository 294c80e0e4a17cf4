// Searching: what was said is found again, by words as people type them and by filters, and opens where it stands.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT } from './harness/complaints.mjs';
import { isFocused } from './harness/deeds.mjs';
import { InputMethod } from './harness/ime.mjs';
import { isAtTheBeginning, scroll } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const HOME = '我家在上海东边';
const stage = await Stage.forThisFile({ flags: ['--deed-burst', '2000'] });
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const yuan = await stage.program({ name: 'yuan', display: '周予安' });
const jonas = await stage.program({ name: 'jonas', display: 'Jonas Weber' });
const archive = await yuan.makesChannel('旧事 Archive');
await yuan.tells(archive, 150);
await yuan.says(archive, HOME);
await yuan.tells(archive, 150, 'later story');
await yuan.says(yuan.lobby, '地图在这里 https://example.com/map');
await jonas.says(yuan.lobby, '另一张地图 https://example.org/other-map');
await jonas.says(yuan.lobby, '地图我有，**纸的**');
const secret = await yuan.makesGroup('暗号', [jonas]);
await yuan.says(secret, '暗号是薄荷');
await lin.joins('旧事 Archive');

test('two characters typed through an input method find what has no spaces, and it opens in its context', async () => {
  const method = await InputMethod.of(lin);
  await field(lin).focus();
  await method.composes('shanghai');
  await method.pressesEnter();
  await method.pressesEnterAs229();
  await InputMethod.confirmsAsSafariDoes(field(lin));
  assert.match(lin.page.url(), new RegExp(`/c/${archive}$`), 'its Enter opens nothing');
  await method.commits('上海');
  await hit(lin, HOME).waitFor();
  assert.deepEqual(await lin.list.locator('mark').allTextContents(), ['上海']);
  assert.match(await hit(lin, HOME).textContent(), /旧事 Archive.*周予安：我家在上海东边/);

  await lin.page.keyboard.press('ArrowDown');
  await isFocused(lin, hit(lin, HOME));
  await lin.page.keyboard.press('Enter');
  await lin.message(HOME).and(lin.page.locator('.is-lit')).waitFor();
  await lin.sees('story 150.', 'later story 1.');
  await scroll(lin, -30_000);
  await until('it reads on above', async () => (await scroll(lin, -30_000), isAtTheBeginning(lin)));
  await lin.button(lin.words.clearSearch).click();
});

test('Esc gives the list back, and arrows lead back into the field', async () => {
  await looksFor(lin, '地图');
  await hit(lin, '纸的').waitFor();
  await lin.page.keyboard.press('ArrowDown');
  await isFocused(lin, hit(lin, '纸的'));
  await lin.page.keyboard.press('ArrowUp');
  await isFocused(lin, field(lin));
  assert.equal(await lin.row(LOBBY).isVisible(), false);
  await lin.page.keyboard.press('Escape');
  await lin.row(LOBBY).waitFor();
  assert.equal(await field(lin).inputValue(), '');
});

test('filters are typed or chosen, stand as chips, and are taken away again', async () => {
  await looksFor(lin, 'from:yuan 地图');
  await seesHits(lin, ['example.com/map']);
  await lin.button(lin.words.remove('发送者：周予安')).waitFor();
  assert.equal(await field(lin).inputValue(), '地图', 'the filter has become a chip');
  await lin.button(lin.words.remove('发送者：周予安')).click();
  await seesHits(lin, ['纸的', 'other-map', 'example.com/map']);

  await lin.button(lin.words.filters).click();
  await lin.button(lin.words.hasLink).click();
  await seesHits(lin, ['other-map', 'example.com/map']);
  await lin.button(lin.words.filters).click();
  await lin.button(lin.words.from).click();
  await lin.list.getByRole('button', { name: 'Jonas Weber' }).click();
  await seesHits(lin, ['other-map']);
  await field(lin).fill('');
  await field(lin).press('Backspace');
  await seesHits(lin, ['other-map', 'example.com/map']);
  await lin.button(lin.words.clearSearch).click();
  await lin.row(LOBBY).waitFor();
});

test('nobody finds what is said in a group that they are not in', async () => {
  await looksFor(lin, '薄荷');
  await lin.list.getByText(lin.words.noMessage).waitFor();
  assert.equal(await lin.list.locator('mark').count(), 0);
  await looksFor(lin, 'from:nobodyhere 薄荷');
  await lin.list.getByText(lin.words.nobody).waitFor();
  await yuan.says(yuan.lobby, '薄荷长高了');
  await looksFor(lin, '薄荷 ');
  await seesHits(lin, ['薄荷长高了']);
  await lin.page.keyboard.press('Escape');
});

test('people and conversations come first, and Enter goes there', async () => {
  await looksFor(lin, 'lobby');
  await lin.list.getByRole('link').filter({ hasText: LOBBY }).first().waitFor();
  await lin.page.keyboard.press('Enter');
  await lin.isAt(LOBBY);
  await looksFor(lin, 'jonas');
  await lin.list.getByRole('button').filter({ hasText: 'Jonas Weber' }).click();
  await lin.isAt('Jonas Weber');
});

test('Ctrl-F and a button look in one conversation, and there are more pages', async () => {
  await lin.opens('旧事 Archive');
  await lin.page.keyboard.press('Control+f');
  await isFocused(lin, field(lin));
  await lin.button(lin.words.remove('会话：旧事 Archive')).waitFor();
  await lin.page.keyboard.insertText('story');
  await until('there is a page', async () => (await hits(lin).count()) === 30);
  await lin.button(lin.words.moreMessages).click();
  await until('there are two', async () => (await hits(lin).count()) === 60);
  await lin.page.keyboard.press('Escape');

  const phone = await stage.secondDevice(lin, { viewport: { width: 390, height: 800 } });
  await phone.opens(LOBBY);
  await phone.button(phone.words.searchHere).click();
  await isFocused(phone, field(phone));
  await phone.page.keyboard.insertText('地图');
  await hit(phone, '纸的').click();
  await phone.message('纸的').waitFor();
  await phone.page.goBack();
  await hit(phone, '纸的').waitFor();
  await phone.context.close();
});

test('without a connection it says so, and goes on when there is one', async () => {
  stage.forgives(...CUT);
  await looksFor(lin, '地图');
  await hit(lin, '纸的').waitFor();
  await lin.goesOffline();
  await looksFor(lin, '上海');
  await lin.list.getByText(lin.words.searchOffline).waitFor();
  await lin.comesBack();
  await hit(lin, HOME).waitFor();
});

function field(person) {
  return person.list.getByRole('textbox', { name: person.words.search, exact: true });
}

async function looksFor(person, text) {
  await field(person).fill(text);
}

/** All messages that are found. */
function hits(person) {
  return person.list.getByRole('link').and(person.page.locator('.messages .hit'));
}

function hit(person, text) {
  return hits(person).filter({ hasText: text });
}

/** Waits until exactly these are found, in this order. */
async function seesHits(person, texts) {
  const fit = (all) => all.length === texts.length && all.every((text, at) => text.includes(texts[at]));
  await until(`${texts} are found`, async () => fit(await hits(person).allTextContents()), () => hits(person).allTextContents());
}
