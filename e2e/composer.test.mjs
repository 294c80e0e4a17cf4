// Writing: input methods, Enter, drafts, long texts, and texts that look like code.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';
import { LOBBY } from './harness/words.mjs';

const stage = await Stage.forThisFile();
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

test('the Enter that confirms a candidate does not send', async () => {
  const method = await InputMethod.of(lin);
  await lin.composer.focus();
  await method.composes('nihao');
  await method.pressesEnter();
  await method.commits('你好');
  await has(lin, '你好');
  await method.composes('shijie');
  await method.pressesEnterAs229();
  await method.commits('世界');
  await has(lin, '你好世界');
  await lin.composer.press('Enter');
  await maya.seesExactly(['你好世界']);
});

test('nor does one that comes with key code 229 only, or right after the composition ended', async () => {
  const method = await InputMethod.of(lin);
  await lin.composer.fill('早上好');
  await method.pressesEnterAs229();
  await has(lin, '早上好');
  await InputMethod.confirmsAsSafariDoes(lin.composer);
  await has(lin, '早上好');
  await lin.composer.press('Enter');
  await maya.seesExactly(['早上好']);
});

test('an Enter right after the one that confirmed a candidate sends, however busy the page is', async () => {
  const method = await InputMethod.of(lin);
  await lin.composer.focus();
  await method.composes('zaoan');
  // The key comes while the page is still busy with the end of the composition, before any timer.
  await lin.composer.evaluate((field) => {
    field.addEventListener('compositionend', () => {
      console.log('composed');
      const end = performance.now() + 300;
      while (performance.now() < end);
    });
  });
  const composed = lin.page.waitForEvent('console', (message) => message.text() === 'composed');
  const committed = method.commits('早安');
  await composed;
  await method.pressesEnter();
  await committed;
  await maya.seesExactly(['早安']);
});

test('in the list, too, the Enter of an input method opens nothing', async () => {
  const method = await InputMethod.of(lin);
  const field = lin.list.getByRole('textbox');
  await field.focus();
  await method.composes('lobby');
  await method.pressesEnter();
  await InputMethod.confirmsAsSafariDoes(field);
  assert.equal(await field.inputValue(), 'lobby');
  await lin.isAt(room);
  await method.commits('Lobby');
  await field.press('Enter');
  await lin.isAt(LOBBY);
});

test('Enter sends and Shift-Enter breaks the line', async () => {
  await maya.composer.pressSequentially('first line');
  await maya.composer.press('Shift+Enter');
  await maya.composer.pressSequentially('second line');
  await maya.composer.press('Enter');
  await lin.seesExactly(['first line\nsecond line']);
  await has(maya, '');
});

test('the button sends as well, and the focus stays in the field', async () => {
  await maya.composer.fill('by hand');
  await maya.button(maya.words.send).click();
  await lin.seesExactly(['by hand']);
  assert.ok(await maya.composer.evaluate((field) => field === document.activeElement));
});

test('a draft survives another conversation and a reload', async () => {
  await maya.composer.fill('not yet finis');
  await maya.opens(LOBBY);
  await has(maya, '');
  await maya.row(room).getByText('not yet finis').waitFor();
  await maya.opens(room);
  await has(maya, 'not yet finis');
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, 'not yet finis');
  await maya.composer.press('Enter');
  await lin.seesExactly(['not yet finis']);
  await maya.reloads();
  await maya.isAt(room);
  await has(maya, '');
});

test('4,000 characters arrive, and one more is refused in words and stays', async () => {
  const longest = '字'.repeat(3_999) + '🪶';
  await maya.says(longest);
  await lin.seesExactly([longest]);
  await maya.says(`${longest}!`);
  await maya.status.getByText(/^Too long by 1\./).waitFor();
  await has(maya, `${longest}!`);
  await maya.composer.fill(longest.slice(0, 4));
  await maya.composer.press('Enter');
  await lin.seesExactly([longest, longest.slice(0, 4)]);
});

test('nothing but space is not sent', async () => {
  for (const blank of ['', '   ', '\n\n', '\u3000\u200b']) {
    await maya.composer.fill(blank);
    await maya.composer.press('Enter');
  }
  await maya.says('something');
  await lin.seesExactly(['something']);
});

test('markup arrives as text and does nothing', async () => {
  const texts = [
    '<img src=x onerror="document.title=`broken in`">',
    '<script>document.title = "broken in"</script>',
    '<a href="javascript:document.title=1">click</a>',
    'javascript:alert(1) data:text/html,<b>x</b> vbscript:x',
    '"><svg onload=document.title=1>&lt;b&gt; &amp; \\u003c',
    '{{constructor.constructor("alert(1)")()}} ${1+1} %3Cb%3E',
  ];
  for (const text of texts) await maya.says(text);
  // Backticks mark code, in which nothing is more than text either.
  await lin.seesExactly(texts.map((text) => text.replaceAll('`', '')));
  assert.equal(await lin.timeline.getByRole('link').count(), 0);
  assert.equal(await lin.timeline.getByRole('img').count(), 0);
  assert.match(await lin.page.title(), new RegExp(room));
});

test('of a link beside Chinese only the address is a link', async () => {
  await maya.says('看 https://example.com/a，然后回复');
  await lin.sees('看 https://example.com/a，然后回复');
  const link = lin.timeline.getByRole('link');
  assert.equal(await link.textContent(), 'https://example.com/a');
  assert.equal(await link.getAttribute('href'), 'https://example.com/a');
  assert.equal(await link.getAttribute('target'), '_blank');
  assert.match(await link.getAttribute('rel'), /noopener/);
});

test('text of any script and emoji with joiners come back as sent', async () => {
  const texts = [
    '👩‍👩‍👧‍👦',
    '👍🏽 🏳️‍🌈 ❤️‍🔥 1️⃣ 🇨🇳',
    'caf\u00e9 is not cafe\u0301',
    'مرحبا بالعالم ‏(1)‏ hello',
    '𠮷野家で𩸽を食べる · เชียงใหม่ · हिन्दी',
    '  two spaces before,\ttab,   and after  ',
  ];
  for (const text of texts) await maya.says(text);
  await lin.seesExactly(texts);
  await lin.reloads();
  await lin.isAt(room);
  await lin.seesExactly(texts);
});

/** The composer of this person holds exactly this. */
async function has(person, text) {
  await until(
    `${person.display}'s composer has “${text.slice(0, 40)}”`,
    async () => (await person.composer.inputValue()) === text,
    async () => `It had “${await person.composer.inputValue()}”`,
  );
}
