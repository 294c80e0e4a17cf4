// Finding one message among very many. `MAGPIE_SEED=1000000` says among how many.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage } from './harness/stage.mjs';
import { figures, listen, took } from './harness/stopwatch.mjs';
import { until } from './harness/until.mjs';

const COUNT = process.env.MAGPIE_SEED || '20000';
const ONCE = '阳台上的薄荷又长高了';
const stage = await Stage.forThisFile({ seed: ['--messages', COUNT] });

test(`a word of two characters is found among ${COUNT} messages, and what it says opens`, async () => {
  const lin = await stage.person({ name: 'lin' });
  await lin.signsIn('correct horse');
  const field = lin.list.getByRole('textbox', { name: lin.words.search, exact: true });
  const hit = lin.list.getByRole('link').filter({ hasText: ONCE });
  const times = [];
  for (let turn = 0; turn < 20; turn += 1) {
    await field.press('Escape');
    await until('nothing is found yet', async () => (await lin.list.locator('mark').count()) === 0);
    await field.focus();
    await listen(lin, 'input', '.results mark');
    await lin.page.keyboard.insertText('薄荷');
    await hit.waitFor();
    times.push(await took(lin));
  }
  assert.deepEqual(await hit.locator('mark').allTextContents(), ['薄荷']);
  console.log(`  among ${COUNT} messages, results on the page after the last letter: ${figures(times)}`);
  await hit.click();
  await lin.message(ONCE).and(lin.page.locator('.is-lit')).waitFor();
});
