// How long one's own message takes from Enter until it is on the screen, measured in the page itself.

/** From now on measures each message of this person. */
export async function start({ timeline }) {
  await timeline.evaluate((view) => {
    const times = (window.times = { inPage: [], painted: [] });
    let pressed = null;
    const is_message = (node) => node.matches?.('li') && node.querySelector('p');
    const seen = new MutationObserver((records) => {
      const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
      if (pressed === null || !added.some(is_message)) return;
      const since = pressed;
      pressed = null;
      times.inPage.push(performance.now() - since);
      // A task that a frame leaves behind runs when that frame is painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => times.painted.push(performance.now() - since);
      requestAnimationFrame(() => port2.postMessage(null));
    });
    seen.observe(view, { childList: true, subtree: true });
    addEventListener('keydown', (key) => { if (key.key === 'Enter') pressed = key.timeStamp; }, true);
  });
}

/** Milliseconds of each: until it was in the page, and until the frame with it was painted. */
export async function read({ page }) {
  return page.evaluate(() => window.times);
}

export function median(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
}

export function figures(times) {
  return `median ${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms`;
}

/**
 * From now on measures how long it takes from the last such event to the frame in which something that fits the selector
 * is painted; `took` tells. Until the event nothing fits.
 */
export function listen({ page }, event, selector) {
  return page.evaluate(([event, selector]) => {
    window.took = new Promise((resolve) => {
      let since = 0;
      const note = () => (since = performance.now());
      addEventListener(event, note, true);
      const seen = new MutationObserver(() => {
        if (!since || !document.querySelector(selector)) return;
        seen.disconnect();
        removeEventListener(event, note, true);
        // A task that a frame leaves behind runs when that frame is painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => resolve(performance.now() - since);
        requestAnimationFrame(() => port2.postMessage(null));
      });
      seen.observe(document.body, { childList: true, subtree: true });
    });
  }, [event, selector]);
}

/** The milliseconds that this took. */
export function took({ page }) {
  return page.evaluate(() => window.took);
}
