// One very long conversation: opening it, going to its first message, and back. `MAGPIE_SEED=1000000` says how long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAtTheBeginning, placeOf } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { figures } from './harness/stopwatch.mjs';

const COUNT = process.env.MAGPIE_SEED || '20000';
const LONG = '群 group 0';
const TURNS = 6;
const stage = await Stage.forThisFile({ seed: ['--messages', COUNT, '--conversations', '1'] });

test(`a conversation of about ${COUNT} messages opens, leads to its first one, and back`, async () => {
  const lin = await stage.person({ name: 'lin' });
  await lin.signsIn('correct horse');
  const [opening, going, returning] = [[], [], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    opening.push(await measures(lin, lin.row(LONG), '[data-seq]'));
    const newest = await lin.timeline.locator('[data-seq]').last().getAttribute('data-seq');
    assert.ok(Number(newest) > Number(COUNT) * 0.9, `the newest is at ${newest}`);
    await lin.page.evaluate((path) => {
      document.body.append(Object.assign(document.createElement('a'), { id: 'first', href: path, textContent: 'first' }));
    }, `${new URL(lin.page.url()).pathname}/2`);
    going.push(await measures(lin, lin.page.locator('#first'), '[data-seq="2"]'));
    assert.ok(await isAtTheBeginning(lin));
    assert.ok((await placeOf(lin, lin.timeline.locator('[data-seq="2"]'))).is_inside);
    await lin.page.locator('#first').evaluate((link) => link.remove());
    returning.push(await measures(lin, lin.button(lin.words.jumpBack), `[data-seq="${newest}"]`));
    await lin.visits('/');
    await lin.isIn();
  }
  console.log(`  from the click to the painted message, among ${COUNT}:`);
  console.log(`    the newest: ${figures(opening)}`);
  console.log(`    the first: ${figures(going)}`);
  console.log(`    back at the newest: ${figures(returning)}`);
});

/** Clicks there; the milliseconds until something is painted in the timeline that fits the selector. */
async function measures({ page }, link, selector) {
  await page.evaluate((selector) => {
    window.took = new Promise((resolve) => {
      let since = 0;
      addEventListener('click', () => (since = performance.now()), { capture: true, once: true });
      const seen = new MutationObserver(() => {
        if (!since || !document.querySelector(`.timeline ${selector}`)) return;
        seen.disconnect();
        // A task that a frame leaves behind runs when that frame is painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - since);
        requestAnimationFrame(() => port2.postMessage(null));
      });
      seen.observe(document.body, { childList: true, subtree: true });
    });
  }, selector);
  // The page's own click: what a pointer needs to get there is none of the product's time.
  await link.evaluate((element) => element.click());
  return page.evaluate(() => window.took);
}
