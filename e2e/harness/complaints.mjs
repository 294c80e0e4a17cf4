// What pages complain about: errors in their consoles (refused content is among them), our own warnings, exceptions.

import assert from 'node:assert/strict';

/** What a page says whose server does not answer. */
export const CUT = [/net::ERR_/, /WebSocket connection to/];

// The page asks who is signed in, and the answer to a stranger is 401, which the browser itself writes down.
const STRANGER = /status of 401.* \(http[^)]*\/api\/session\)$/;

export class Complaints {
  #forgiven = [STRANGER];
  #heard = [];

  watch(context, who) {
    context.on('console', (message) => {
      const [type, text] = [message.type(), message.text()];
      const is_complaint = type === 'error' || (type === 'warning' && text.startsWith('magpie:'));
      if (is_complaint) this.#hear(`${who}: ${type}: ${text} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#hear(`${who}: uncaught: ${error.error()?.stack ?? error.error()}`));
  }

  forgive(...patterns) {
    this.#forgiven.push(...patterns);
  }

  /** Fails if there was any that nobody expected. */
  expectNone() {
    const heard = this.#heard.splice(0);
    assert.deepEqual(heard, [], 'complaints of pages');
  }

  #hear(complaint) {
    if (!this.#forgiven.some((pattern) => pattern.test(complaint))) this.#heard.push(complaint);
  }
}
