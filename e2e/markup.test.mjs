// Markdown as people type it: how it is read on the other side, and what helps while one writes.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { InputMethod } from './harness/ime.mjs';
import { Stage } from './harness/stage.mjs';
import { until } from './harness/until.mjs';

const CODE = 'fn main() {\n    let name = "喜鹊"; // 1\n}';

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

test('styles are read, also right beside Chinese', async () => {
  await maya.says('**真，**她说 *「强调」*的 ~~不~~ `**code**` __all__');
  await lin.sees('真，她说 「强调」的 不 **code** all');
  const styled = await lin.timeline.locator('.text').locator('strong, em, s, code').evaluateAll((all) =>
    all.map((one) => `${one.localName} ${one.textContent}`),
  );
  assert.deepEqual(styled, ['strong 真，', 'em 「强调」', 's 不', 'code **code**', 'strong all']);
});

test('code is drawn in colours, and copied as it was typed', async () => {
  await lin.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await maya.says(`看：\n\`\`\`rust\n${CODE}\n\`\`\``);
  const code = lin.timeline.locator('pre');
  await code.waitFor();
  assert.equal(await code.textContent(), CODE);
  await until('the keyword has its colour', async () => (await code.getByText('let', { exact: true }).count()) === 1);
  await lin.button('复制代码').click();
  await lin.button('已复制').waitFor();
  assert.equal(await lin.page.evaluate(() => navigator.clipboard.readText()), CODE);
});

test('hidden text is hidden from all until somebody looks, by keyboard', async () => {
  await maya.says('it was ||the **butler**||!');
  const spoiler = lin.timeline.getByRole('button', { name: '隐藏内容，点按显示' });
  await spoiler.waitFor();
  const hidden = lin.timeline.getByText('butler');
  assert.equal(await hidden.isVisible(), false);
  await lin.row(room).getByText('it was ▇▇▇▇▇▇▇▇!').waitFor();
  await lin.tabsTo(spoiler);
  await lin.page.keyboard.press('Enter');
  await hidden.waitFor();
  assert.equal(await spoiler.count(), 0);
});

test('lists, quotes and tables have their elements, and a wide table scrolls by itself on a phone', async () => {
  const cells = Array.from({ length: 9 }, (_, n) => `column ${n}`);
  await maya.says(`> quoted\n\n- one\n- two\n  1. deep\n\n|${cells.join('|')}|\n${'|-'.repeat(9)}|\n|${cells.join('|')}|`);
  const said = lin.message('quoted');
  await said.locator('blockquote').getByText('quoted').waitFor();
  assert.equal(await said.locator('ul > li').count(), 2);
  assert.equal(await said.locator('ul ol > li').textContent(), 'deep');
  assert.equal(await said.getByRole('columnheader').count(), 9);
  await lin.page.setViewportSize({ width: 390, height: 800 });
  const table = said.getByRole('region', { name: '表格' });
  assert.ok(await table.evaluate((wide) => wide.scrollWidth > wide.clientWidth));
  assert.ok(await lin.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await lin.page.setViewportSize({ width: 1200, height: 800 });
});

test('links lead to the web in a new tab, and say where', async () => {
  await maya.says('[the page](https://example.com/a) <https://example.com/b> [no](javascript:alert(1))');
  const links = lin.timeline.getByRole('link');
  await links.first().waitFor();
  const found = await links.evaluateAll((all) => all.map(({ textContent, href, target, rel }) => [textContent, href, target, rel]));
  assert.deepEqual(found, [
    ['the page', 'https://example.com/a', '_blank', 'noopener noreferrer'],
    ['https://example.com/b', 'https://example.com/b', '_blank', 'noopener noreferrer'],
  ]);
});

test('who is mentioned stands there by display name', async () => {
  await maya.says('看@linwen，@maya @nobody @所有人开会');
  await lin.sees('看@林雯，@Maya @nobody @所有人开会');
  const chips = await lin.timeline.locator('.mention').evaluateAll((all) => all.map((one) => one.textContent));
  assert.deepEqual(chips, ['@林雯', '@Maya', '@所有人']);
});

test('keys put styles around what is chosen, and can be undone', async () => {
  await maya.composer.fill('so bold');
  await chooses(maya, 3, 7);
  await maya.page.keyboard.press('Control+b');
  await has(maya, 'so **bold**');
  await maya.page.keyboard.press('Control+Shift+X');
  await has(maya, 'so **~~bold~~**');
  await maya.page.keyboard.press('Control+Shift+X');
  await has(maya, 'so **bold**');
  await maya.page.keyboard.press('Control+b');
  await has(maya, 'so bold');
  await maya.page.keyboard.press('Control+i');
  await has(maya, 'so *bold*');
  await maya.page.keyboard.press('Control+b');
  await has(maya, 'so ***bold***');
  await maya.page.keyboard.press('Control+b');
  await has(maya, 'so *bold*');
  // One step back for each key that was pressed.
  for (const text of ['so ***bold***', 'so *bold*', 'so bold']) {
    await maya.page.keyboard.press('Control+z');
    await has(maya, text);
  }
  await maya.composer.press('Enter');
  await lin.seesExactly(['so bold']);
});

test('a style put around characters outside the basic plane leaves them whole', async () => {
  await maya.composer.fill('🪶𠮷野');
  await chooses(maya, 2, 4);
  await maya.page.keyboard.press('Control+e');
  await has(maya, '🪶`𠮷`野');
});

test('no style is put anywhere while an input method composes', async () => {
  const method = await InputMethod.of(lin);
  await lin.composer.focus();
  await method.composes('nihao');
  await lin.page.keyboard.press('Control+b');
  await method.commits('你好');
  await has(lin, '你好');
});

test('a list goes on with the next line, and ends with an empty one', async () => {
  await maya.composer.pressSequentially('1. one');
  await maya.composer.press('Shift+Enter');
  await has(maya, '1. one\n2. ');
  await maya.composer.pressSequentially('two');
  await maya.composer.press('Shift+Enter');
  await maya.composer.press('Shift+Enter');
  await has(maya, '1. one\n2. two\n');
  await maya.composer.press('Enter');
  await lin.message('two').locator('ol > li').nth(1).waitFor();
});

test('an address pasted over a word becomes its link', async () => {
  await maya.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await maya.page.evaluate(() => navigator.clipboard.writeText('https://example.com/a'));
  await maya.composer.fill('the page');
  await chooses(maya, 4, 8);
  await maya.page.keyboard.press('Control+v');
  await has(maya, 'the [page](https://example.com/a)');
});

test('the row of styles and the preview open by keyboard, and show what will be seen', async () => {
  await maya.composer.focus();
  const format = maya.button('Formatting');
  assert.equal(await format.getAttribute('aria-expanded'), 'false');
  await maya.page.keyboard.press('Shift+Tab');
  await maya.page.keyboard.press('Enter');
  await maya.page.getByRole('group', { name: 'Formatting' }).getByRole('button', { name: 'Bold' }).click();
  await has(maya, '****');
  await maya.page.keyboard.type('粗，');
  await maya.page.keyboard.press('Control+Shift+P');
  const preview = maya.page.getByRole('region', { name: 'Preview' });
  await preview.locator('strong').getByText('粗，').waitFor();
  await maya.composer.press('End');
  await maya.page.keyboard.type('她');
  await preview.getByText('粗，她').waitFor();
  await maya.page.keyboard.press('Control+Shift+P');
  await preview.waitFor({ state: 'detached' });
  await maya.composer.press('Enter');
  await lin.seesExactly(['粗，她']);
});

test('the count shows before the limit, and beyond it Enter keeps the text and says why', async () => {
  await maya.composer.fill('字'.repeat(3_799));
  await maya.composer.pressSequentially('字');
  await maya.status.getByText('3,800 of 4,000').waitFor();
  const beyond = '🪶'.repeat(4_001);
  await maya.composer.fill(beyond);
  await maya.composer.press('Enter');
  await maya.status.getByText(/^Too long by 1\./).waitFor();
  await has(maya, beyond);
  assert.deepEqual(await lin.reads(), []);
});

/** Chooses a part of what is written, by hand. */
async function chooses(person, start, end) {
  await person.composer.evaluate((field, [start, end]) => field.setSelectionRange(start, end), [start, end]);
}

/** The composer of this person holds exactly this. */
async function has(person, text) {
  await until(
    `${person.display}'s composer has “${text.slice(0, 40)}”`,
    async () => (await person.composer.inputValue()) === text,
    async () => `It had “${await person.composer.inputValue()}”`,
  );
}
