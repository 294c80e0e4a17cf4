// Input methods in every field there is: what they do with Enter, arrows and Esc is theirs, in the order of any browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineField, lines, startsCard, startsChain } from './harness/cards.mjs';
import { isFocused, picks } from './harness/deeds.mjs';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
const lin = await stage.newcomer({ name: 'linwen', display: '林雯', lang: 'zh' });
const [zhang] = await Promise.all([
  stage.program({ name: 'laozhang', display: '张三' }),
  stage.program({ name: 'zhangwei', display: '张伟' }),
]);
await lin.writesTo('张三');
await lin.writesTo('张伟');
const { page, words, dialog } = lin;
const method = await InputMethod.of(lin);
const thread = () => page.getByRole('region', { name: words.thread, exact: true });
const textbox = (name) => dialog.getByRole('textbox', { name, exact: true });

/**
 * Each field: how one gets to it, what is composed there (both the letters and the word find something, where one
 * searches), and what shows that an honest key still does what it does.
 */
const FIELDS = {
  'the composer': {
    go: () => lin.opens('张三'),
    field: () => lin.composer,
    acts: (field) => sends(field),
  },
  'an answer': {
    async go() {
      await isAsked('吃了吗？');
      await page.keyboard.press('r');
      await page.getByText(words.replying('张三')).waitFor();
    },
    field: () => lin.composer,
    acts: (field) => sends(field),
  },
  'a change of what was said': {
    async go() {
      await lin.opens('张三');
      await lin.says('明天见');
      await lin.seesAs('sent', '明天见');
      await lin.composer.press('ArrowUp');
      await page.getByText(words.editing, { exact: true }).waitFor();
    },
    field: () => lin.composer,
    acts: (field) => sends(field),
  },
  'a reply in a thread': {
    async go() {
      await isAsked('细说？');
      await picks(lin, words.replyInThread, '细说？');
    },
    field: () => thread().getByRole('textbox', { name: words.replyInThread }),
    async acts(field) {
      await field.fill('好');
      await field.press('Enter');
      await thread().getByRole('region', { name: words.replies, exact: true }).getByText('好').waitFor();
      assert.equal(await field.inputValue(), '');
    },
  },
  'the search in the list': {
    async go() {
      await lin.opens('张三');
      await lin.detailsLink.click();
      await lin.details.waitFor();
    },
    field: () => lin.list.getByRole('textbox'),
    async acts(field) {
      await field.fill('大厅');
      await field.press('Enter');
      await lin.isAt(LOBBY);
    },
  },
  'the switcher': {
    async go() {
      await lin.opens(LOBBY);
      await page.keyboard.press('Control+k');
    },
    field: () => page.getByRole('combobox'),
    async acts(field) {
      await field.fill('张三');
      await page.getByRole('option').first().getByText('张三', { exact: true }).waitFor();
      await field.press('Enter');
      await lin.isAt('张三');
    },
  },
  'the search for emoji': {
    letters: 'heart',
    word: '心',
    async go() {
      await lin.opens('张三');
      await lin.button(words.emoji).click();
      await page.getByRole('gridcell').first().waitFor();
    },
    field: () => page.getByRole('textbox', { name: words.searchEmoji }),
    async acts(field) {
      await field.fill('tada');
      await field.press('Enter');
      await until('it is in the message', async () => (await lin.composer.inputValue()) === '🎉');
      await lin.composer.fill('');
    },
  },
  'the search for emoji under a message': {
    letters: 'heart',
    word: '心',
    async go() {
      await isAsked('好看吗？');
      await page.keyboard.press('e');
      await page.getByRole('menuitem', { name: words.emoji, exact: true }).press('Enter');
      await page.getByRole('gridcell').first().waitFor();
    },
    field: () => page.getByRole('textbox', { name: words.searchEmoji }),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the search where one forwards': {
    async go() {
      await isAsked('转给大家');
      await page.keyboard.press('m');
      await page.getByRole('menuitem', { name: words.forward, exact: true }).press('Enter');
    },
    field: () => textbox(words.findConversation),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the search for people': {
    go: () => starts(),
    field: () => textbox(words.findPeople),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the name of a group': {
    async go() {
      await starts();
      await dialog.getByRole('checkbox', { name: words.choose('张三'), exact: true }).check();
    },
    field: () => textbox(words.groupName),
    async acts(field) {
      await field.fill('一群');
      await field.press('Enter');
      await lin.isAt('一群');
    },
  },
  'the search for channels': {
    go: () => startsChannel(),
    field: () => textbox(words.findChannels),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the name of a channel': {
    go: () => startsChannel(),
    field: () => textbox(words.channelName),
    async acts(field) {
      await field.fill('一个频道');
      await field.press('Enter');
      await lin.isAt('一个频道');
    },
  },
  'a message for later': {
    async go() {
      await lin.opens('张三');
      await lin.composer.fill('生日快乐');
      await lin.button('定时发送').click();
      await dialog.getByRole('button', { name: /明天早上/ }).click();
      await page.locator('.later-line').click();
      await dialog.getByRole('button', { name: '修改', exact: true }).click();
    },
    field: () => dialog.getByRole('textbox', { name: '消息内容', exact: true }),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the question of a poll': {
    async go() {
      await lin.opens('张三');
      await startsCard(lin, words.poll);
    },
    field: () => dialog.getByLabel(words.question, { exact: true }),
    async acts(field) {
      await field.press('Enter');
      await isFocused(lin, dialog.getByLabel(words.choice(1), { exact: true }));
      await page.keyboard.press('Escape');
      await isClosed();
    },
  },
  'a choice of a poll': {
    async go() {
      await lin.opens('张三');
      await startsCard(lin, words.poll);
    },
    field: () => dialog.getByLabel(words.choice(2), { exact: true }),
    async acts(field) {
      await field.press('Escape');
      await isClosed();
    },
  },
  'the first line of a chain': {
    async go() {
      await lin.opens('张三');
      await startsCard(lin, words.chain);
      await dialog.getByLabel(words.topic, { exact: true }).fill('谁来？');
    },
    field: () => dialog.getByLabel(words.firstLine, { exact: true }),
    async acts(field) {
      await field.fill('林雯');
      await field.press('Enter');
      await lines(lin, '谁来？').filter({ hasText: '林雯' }).waitFor();
    },
  },
  'a line of a chain': {
    async go() {
      await lin.opens('张三');
      await startsChain(lin, '带什么？');
      await lin.sees('带什么？');
    },
    field: () => lineField(lin, '带什么？'),
    async acts(field) {
      // Letters that are keys of the timeline are letters here.
      await field.fill('');
      await field.pressSequentially('remE 水');
      await field.press('Enter');
      await lines(lin, '带什么？').filter({ hasText: 'remE 水' }).waitFor();
    },
  },
};

for (const [name, { go, field: find, letters = 'zhang', word = '张', acts }] of Object.entries(FIELDS)) {
  test(`${name}: an input method's keys do nothing, and the text is whole`, async () => {
    // What another test left open is none of this one's business.
    await lin.visits('/');
    await lin.isIn();
    await go();
    const field = find();
    for (const trace of [asChromium, asSafari, asFirefox, asKorean]) {
      await field.focus();
      await field.fill('');
      await trace(field, letters, word);
    }
    await acts(field);
  });
}

test('the name with which one signs up: nothing is sent before it is whole', async () => {
  const yu = await stage.person({ name: 'yu', display: '于', lang: 'zh' });
  await yu.visits('/signup');
  const field = yu.page.getByLabel(yu.words.display, { exact: true });
  const other = await InputMethod.of(yu);
  await yu.page.getByLabel(yu.words.name, { exact: true }).fill('yu');
  await yu.page.getByLabel(yu.words.password, { exact: true }).fill('correct horse battery');
  await field.focus();
  await other.composes('yu');
  await other.pressesEnter();
  await other.pressesEnterAs229();
  await other.commits('于');
  await InputMethod.confirmsAsSafariDoes(field);
  assert.equal(await field.inputValue(), '于');
  assert.equal(await yu.page.getByRole('alert').filter({ hasText: /./ }).count(), 0);
  await field.press('Enter');
  await yu.isIn();
});

/** What the browser itself makes of it. */
async function asChromium(field, letters, word) {
  await method.composes(letters);
  await hasFound(letters);
  await changesNothing(field, letters, async () => {
    for (const key of ['ArrowDown', 'ArrowUp', 'Escape']) await method.presses(key);
    await method.pressesEnter();
    await method.pressesEnterAs229();
  });
  await method.commits(word);
  assert.equal(await field.inputValue(), word);
}

/** All keys have the code 229, and the Enter that chooses comes after the end. */
async function asSafari(field, letters, word) {
  await InputMethod.replays(field, [['compose', letters]]);
  await hasFound(letters);
  const taken = { keyCode: 229, isComposing: true };
  await changesNothing(field, word, () => InputMethod.replays(field, [
    ['key', 'ArrowDown', taken], ['key', 'ArrowUp', taken], ['key', 'Escape', taken],
    ['end', word], ['key', 'Enter', { keyCode: 229, isComposing: false }],
  ]));
}

/** The Enter that chooses comes before the end, and is let go after it. */
async function asFirefox(field, letters, word) {
  await InputMethod.replays(field, [['compose', letters]]);
  await hasFound(letters);
  const taken = { isComposing: true };
  await changesNothing(field, word, () => InputMethod.replays(field, [
    ['key', 'ArrowDown', taken], ['key', 'ArrowUp', taken], ['key', 'Escape', taken], ['key', 'Enter', taken],
    ['end', word], ['keyup', 'Enter', { isComposing: false }],
  ]));
}

/** Each syllable is done when the next begins; Enter ends the last one. */
async function asKorean(field) {
  const taken = { keyCode: 229, isComposing: true };
  await InputMethod.replays(field, [['compose', 'ㅎ']]);
  await changesNothing(field, '한글', () => InputMethod.replays(field, [
    ['compose', '하'], ['compose', '한'], ['key', 'ArrowDown', taken], ['end', '한'],
    ['compose', 'ㄱ'], ['compose', '그'], ['compose', '글'], ['key', 'Escape', taken], ['key', 'Enter', taken], ['end', '글'],
  ]));
}

/** Whatever is done here, the page is as it was, and the field holds the text. */
async function changesNothing(field, text, act) {
  const before = await standing();
  await act();
  assert.equal(await field.inputValue(), text);
  assert.deepEqual(await standing(), before);
}

/** Where one is, what is open, chosen and said. */
async function standing() {
  return page.evaluate(() => ({
    address: location.href,
    open: [...document.querySelectorAll('dialog[open], [role=dialog]')].map((one) => one.getAttribute('aria-label')),
    focus: document.activeElement.getAttribute('aria-label'),
    chosen: [...document.querySelectorAll('[aria-selected=true], :checked')].map((one) => one.id || one.ariaLabel),
    said: [...document.querySelectorAll('.msg .text')].map((one) => one.textContent),
    strips: document.querySelectorAll('.composer .strip').length,
  }));
}

/** Where one searches, something is found, so that there is something to be chosen. */
async function hasFound(letters) {
  if (letters === 'heart' && (await page.getByRole('grid').count())) await page.getByRole('gridcell').first().waitFor();
  const options = page.getByRole('combobox');
  if (await options.count()) await page.getByRole('option').filter({ hasText: '张三' }).waitFor();
}

/** Somebody says something, and it has the focus. */
async function isAsked(text) {
  await lin.opens('张三');
  const place = Number(new URL(page.url()).pathname.split('/')[2]);
  await zhang.says(place, text);
  await lin.sees(text);
  await lin.message(text).focus();
}

async function sends(field) {
  const text = `${await field.inputValue()}！`;
  await field.press('End');
  await field.pressSequentially('！');
  await field.press('Enter');
  await lin.sees(text);
  assert.equal(await field.inputValue(), '');
}

async function starts() {
  await lin.button(words.newConversation).first().click();
  await dialog.getByRole('listitem').first().waitFor();
}

async function startsChannel() {
  await lin.looksAtChannels();
  await dialog.getByRole('listitem').filter({ hasText: LOBBY }).waitFor();
}

async function isClosed() {
  await until('it is closed', async () => (await page.locator('dialog[open], [role=dialog]').count()) === 0);
}
