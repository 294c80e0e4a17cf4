// Where things stand in a person's timeline, in pixels, and how it is scrolled.

/** Whether the beginning of the open conversation is on the page. */
export async function isAtTheBeginning({ timeline, words }) {
  return (await timeline.getByText(words.beginning).count()) > 0;
}

/** Turns the wheel over the timeline, and waits until it stands still. */
export async function scroll({ page, timeline }, pixels) {
  await timeline.hover();
  await page.mouse.wheel(0, pixels);
  await timeline.evaluate(async (view) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let [still, top] = [0, NaN]; still < 5; still = view.scrollTop === top ? still + 1 : 0) {
      top = view.scrollTop;
      await frame();
    }
  });
}

/** The first message whose text begins in sight: its key, and its place as in `topOf`. */
export async function firstInSight(person) {
  const key = await person.timeline.evaluate((view) => {
    const edge = view.getBoundingClientRect().top;
    const rows = [...view.querySelectorAll('li[data-key]')];
    return rows.find((row) => row.querySelector('p')?.getBoundingClientRect().top >= edge).dataset.key;
  });
  return { key, top: await topOf(person, key) };
}

/** The upper edge of a message's text, from that of the timeline. */
export async function topOf(person, key) {
  await watch(person, key);
  return (await watched(person))[0];
}

/** From now on notes the upper edge of a message's text in every frame, until `watched` is asked. */
export async function watch({ timeline }, key) {
  await timeline.evaluate((view, key) => {
    const tops = (window.tops = []);
    const note = () => {
      if (window.tops !== tops) return;
      const text = view.querySelector(`[data-key="${key}"] p`);
      tops.push(text ? text.getBoundingClientRect().top - view.getBoundingClientRect().top : NaN);
      requestAnimationFrame(note);
    };
    note();
  }, key);
}

/** What was noted since. */
export async function watched({ page }) {
  return page.evaluate(() => {
    const tops = window.tops;
    window.tops = null;
    return tops;
  });
}

/** Where something stands, from the timeline's upper edge. */
export async function placeOf({ timeline }, locator) {
  const [view, box] = await Promise.all([timeline.boundingBox(), locator.first().boundingBox()]);
  const [top, bottom, height] = [box.y - view.y, box.y + box.height - view.y, view.height];
  return { top, bottom, height, is_inside: top >= 0 && bottom <= height };
}
