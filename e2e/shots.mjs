// Takes pictures of every page: three widths, light and dark, English and Chinese. `node shots.mjs [filter]`
//
// They land in `shots/`, named as in `group-390-dark-zh.png`. A filter is a part of that name.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fill } from './example/town.mjs';
import { READERS, VIEWS, muffle } from './example/views.mjs';
import { Stage } from './harness/stage.mjs';

const FOLDER = fileURLToPath(new URL('./shots/', import.meta.url));
const WIDTHS = { 390: 844, 834: 1112, 1440: 900 };
const wanted = process.argv[2] ?? '';

await mkdir(FOLDER, { recursive: true });
const stages = { empty: new Stage(), town: new Stage() };
await Promise.all(Object.values(stages).map((stage) => stage.open(['--deeds-per-second', '1000'])));
try {
  await fill(stages.town.server);
  for (const lang of ['en', 'zh']) {
    for (const scheme of ['light', 'dark']) await walk(lang, scheme);
  }
} finally {
  await Promise.all(Object.values(stages).map((stage) => stage.close()));
}

/** Goes through all views in one language and one theme. */
async function walk(lang, scheme) {
  for (const view of VIEWS) {
    const names = Object.keys(WIDTHS).map((width) => `${view.name}-${width}-${scheme}-${lang}`);
    if (!names.some((name) => name.includes(wanted))) continue;
    const stage = stages[view.stage ?? 'town'];
    const person = await stage.person({ ...READERS[lang], lang, scheme });
    // They look at what is open, but the server does not hear of it: for the next picture it is new again.
    await muffle(person.page);
    if (!view.stranger) await person.signsIn();
    for (const [width, height] of Object.entries(WIDTHS)) {
      const name = `${view.name}-${width}-${scheme}-${lang}`;
      if (!name.includes(wanted)) continue;
      await person.page.setViewportSize({ width: Number(width), height });
      await view.go(person);
      await person.page.mouse.move(1, 1);
      await person.stands();
      await person.page.screenshot({ path: `${FOLDER}${name}.png` });
      console.log(name);
    }
    await person.context.close();
  }
}
