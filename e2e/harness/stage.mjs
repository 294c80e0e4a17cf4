// The stage of one test file: one server, one browser, and the people in it; all is closed when the file ends.

import assert from 'node:assert/strict';
import { after, afterEach } from 'node:test';
import { chromium } from 'playwright-core';
import { Cable } from './cable.mjs';
import { Complaints } from './complaints.mjs';
import { Person } from './person.mjs';
import { Program } from './program.mjs';
import { Server } from './server.mjs';
import { DEADLINE } from './until.mjs';

const LOCALES = { en: 'en-US', zh: 'zh-CN' };

/** Opens a browser. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    // Containers run tests as root, where Chromium has no sandbox.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

export class Stage {
  #complaints = new Complaints();
  #cables = [];

  /** An open stage, on which every complaint of a page fails its test. */
  static async forThisFile({ flags = [], seed = [] } = {}) {
    const stage = new Stage();
    afterEach(() => stage.#complaints.expectNone());
    after(() => stage.close());
    await stage.open(flags, seed);
    return stage;
  }

  async open(flags = [], seed = []) {
    [this.server, this.browser] = await Promise.all([Server.start(flags, seed), openBrowser()]);
  }

  async close() {
    await this.browser?.close();
    await Promise.all(this.#cables.map((cable) => cable.close()));
    await this.server?.stop();
  }

  /** From now on pages may complain so: the test cuts cables or kills servers. */
  forgives(...patterns) {
    this.#complaints.forgive(...patterns);
  }

  /** Somebody at a browser of their own, who has not signed up yet. */
  async person({ name, display = name, lang = 'en', scheme = 'light', viewport = { width: 1200, height: 800 }, hasTouch }) {
    const cable = await Cable.to(this.server);
    this.#cables.push(cable);
    const context = await this.browser.newContext({ locale: LOCALES[lang], colorScheme: scheme, viewport, hasTouch });
    context.setDefaultTimeout(DEADLINE);
    this.#complaints.watch(context, `${display} (${lang})`);
    const page = await context.newPage();
    return new Person({ name, display, lang, context, page, cable });
  }

  /** Somebody who has just signed up. */
  async newcomer(options) {
    const person = await this.person(options);
    await person.signsUp();
    return person;
  }

  /** Another browser of the same person. */
  async secondDevice(person, options = {}) {
    const { name, display, lang } = person;
    const device = await this.person({ name, display, lang, ...options });
    await device.signsIn();
    return device;
  }

  /** Somebody who talks by program. */
  program(options) {
    return Program.signUp(this.server, options);
  }

  /** All see the same in the conversation that is open, nothing twice; answers with what they see. */
  async allSeeTheSame(...people) {
    const [first, ...others] = await Promise.all(people.map((person) => person.reads()));
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(new Set(first).size, first.length, `something stands twice: ${first}`);
    return first;
  }
}
