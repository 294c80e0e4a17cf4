// Waiting for a condition, never for a time.

/**
 * The longest that anything may take, in milliseconds: a slow machine with other work passes, a hang does not. It is
 * longer than the 30 s that a client may wait before it tries to connect once more.
 */
export const DEADLINE = 45_000;

const PAUSE = 20;

/** Asks again and again until the answer is not falsy, and returns it. `describe` tells what was seen instead. */
export async function until(what, ask, describe = () => '') {
  const end = Date.now() + DEADLINE;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${DEADLINE / 1000} s. ${await describe()}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
