// One very long conversation: opening it, going to its first message, and back. `MAGPIE_SEED=1000000` says how long.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goesTo } from './harness/deeds.mjs';
import { isAtTheBeginning, placeOf } from './harness/sight.mjs';
import { Stage } from './harness/stage.mjs';
import { figures, listen, took } from './harness/stopwatch.mjs';

const COUNT = process.env.MAGPIE_SEED || '20000';
const LONG = '群 group 0';
const TURNS = 6;
const stage = await Stage.forThisFile({ seed: ['--messages', COUNT, '--conversations', '1'] });

test(`a conversation of about ${COUNT} messages opens, leads to its first one, and back`, async () => {
  const lin = await stage.person({ name: 'lin' });
  await lin.signsIn('correct horse');
  const [opening, going, returning] = [[], [], []];
  for (let turn = 0; turn < TURNS; turn += 1) {
    opening.push(await measures(lin, clicks(lin.row(LONG)), '[data-seq]'));
    const newest = await lin.timeline.locator('[data-seq]').last().getAttribute('data-seq');
    assert.ok(Number(newest) > Number(COUNT) * 0.9, `the newest is at ${newest}`);
    const first = `${new URL(lin.page.url()).pathname}/2`;
    going.push(await measures(lin, () => goesTo(lin, first), '[data-seq="2"]'));
    assert.ok(await isAtTheBeginning(lin));
    assert.ok((await placeOf(lin, lin.timeline.locator('[data-seq="2"]'))).is_inside);
    returning.push(await measures(lin, clicks(lin.button(lin.words.jumpBack)), `[data-seq="${newest}"]`));
    await lin.visits('/');
    await lin.isIn();
  }
  console.log(`  from the click to the painted message, among ${COUNT}:`);
  console.log(`    the newest: ${figures(opening)}`);
  console.log(`    the first: ${figures(going)}`);
  console.log(`    back at the newest: ${figures(returning)}`);
});

/** Does that, which is a click; the milliseconds until something that fits the selector is painted in the timeline. */
async function measures(person, click, selector) {
  await listen(person, 'click', `.timeline ${selector}`);
  await click();
  return took(person);
}

/** The page's own click: what a pointer needs to get there is none of the product's time. */
function clicks(locator) {
  return () => locator.evaluate((element) => element.click());
}
