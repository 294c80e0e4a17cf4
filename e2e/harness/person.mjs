// A person at a browser: does what people do, and sees what people see.

import { PASSWORD } from './program.mjs';
import { until } from './until.mjs';
import { WORDS } from './words.mjs';

export class Person {
  /** `cable` leads to the server; `lang` is `en` or `zh`. */
  constructor({ name, display, lang, context, page, cable }) {
    Object.assign(this, { name, display, lang, context, page, cable });
  }

  /** What things are called in this person's language. */
  get words() {
    return WORDS[this.lang];
  }

  /** The pane in the middle. */
  get room() {
    return this.page.getByRole('main');
  }

  get list() {
    return this.page.getByRole('navigation', { name: this.words.conversations });
  }

  get timeline() {
    return this.page.getByRole('region', { name: this.words.messages });
  }

  get composer() {
    return this.room.getByRole('textbox');
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The row of a conversation in the list. */
  row(title) {
    return this.list.getByRole('link').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** The bubble of a message. */
  message(text) {
    return this.timeline.getByRole('listitem').filter({ hasText: text });
  }

  async visits(path) {
    await this.page.goto(this.cable.address + path);
  }

  async signsUp() {
    const { words } = this;
    await this.visits('/signup');
    await this.page.getByLabel(words.name, { exact: true }).fill(this.name);
    await this.page.getByLabel(words.display, { exact: true }).fill(this.display);
    await this.page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
    await this.button(words.signUp).click();
    await this.isIn();
  }

  async signsIn() {
    const { words } = this;
    await this.visits('/signin');
    await this.page.getByLabel(words.name, { exact: true }).fill(this.name);
    await this.page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
    await this.button(words.signIn).click();
    await this.isIn();
  }

  /** Waits for the list, which is there once the server has answered. */
  async isIn() {
    await this.list.getByRole('link').filter({ has: this.page.locator('time') }).first().waitFor();
  }

  async reloads() {
    await this.page.reload();
  }

  async opens(title) {
    await this.row(title).click();
    await this.isAt(title);
  }

  /** Waits until a conversation is open, and its history there. */
  async isAt(title) {
    await this.room.getByRole('textbox', { name: this.words.messageTo(title) }).waitFor();
    await this.timeline.getByRole('list').or(this.room.getByRole('heading', { name: this.words.empty })).first().waitFor();
  }

  async says(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  async writesTo(display) {
    await this.button(this.words.newConversation).first().click();
    await this.dialog.getByRole('button', { name: this.words.writeTo(display), exact: true }).click();
    await this.isAt(display);
  }

  async makesGroup(title, people) {
    const { dialog, words } = this;
    await this.button(words.newConversation).first().click();
    for (const person of people) {
      await dialog.getByRole('checkbox', { name: words.choose(person.display), exact: true }).check();
    }
    await dialog.getByRole('textbox', { name: words.groupName }).fill(title);
    await dialog.getByRole('button', { name: words.makeGroup(people.length + 1) }).click();
    await this.isAt(title);
  }

  async makesChannel(title) {
    await this.looksAtChannels();
    await this.dialog.getByRole('textbox', { name: this.words.channelName }).fill(title);
    await this.button(this.words.makeChannel).click();
    await this.isAt(title);
  }

  async joins(title) {
    await this.looksAtChannels();
    await this.button(this.words.join(title)).click();
    await this.isAt(title);
  }

  async looksAtChannels() {
    await this.button(this.words.newConversation).first().click();
    await this.dialog.getByText(this.words.channels, { exact: true }).click();
  }

  /** The texts of all messages of the open conversation, in the order in which they stand on the page. */
  async reads() {
    return this.timeline.getByRole('listitem').evaluateAll((items) => {
      const said = items.map((item) => item.querySelector('p')?.cloneNode(true));
      return said.filter(Boolean).map((text) => {
        // Time and ticks stand in the last line of the text.
        text.querySelector('time')?.parentElement.remove();
        return text.textContent;
      });
    });
  }

  /** Waits until a message is on the page. */
  async sees(...texts) {
    await this.#finally(`${this.display} sees ${texts.join(', ')}`, (all) => texts.every((text) => all.includes(text)));
  }

  /** Waits until exactly these messages are on the page, in this order. */
  async seesExactly(texts) {
    const expected = JSON.stringify(texts);
    await this.#finally(`${this.display} sees exactly ${expected}`, (all) => JSON.stringify(all) === expected);
  }

  /** Waits until a message of this person's is as far as `state`: `waiting`, `sent` or `failed`. */
  async seesAs(state, text) {
    await this.message(text).getByText(this.words[state], { exact: true }).first().waitFor();
  }

  /** Waits until nothing of this person's is on its way any more. */
  async hasSentAll() {
    await until(`all of ${this.display}'s messages are sent`, async () => {
      const waiting = this.timeline.getByRole('listitem').getByText(this.words.waiting, { exact: true });
      return (await waiting.count()) === 0;
    });
  }

  /** Waits until the list counts so many unread; 0: no badge. */
  async seesUnread(title, count) {
    const { words } = this;
    const badge = this.row(title).getByText(words.unread(count), { exact: true });
    if (count > 0) return badge.waitFor();
    const any = this.row(title).getByText(/^\d+ (unread|条未读)$/);
    await until(`${title} has no badge for ${this.display}`, async () => (await any.count()) === 0);
  }

  /** Whether the beginning of the open conversation is on the page. */
  async isAtTheBeginning() {
    return (await this.timeline.getByText(this.words.beginning).count()) > 0;
  }

  /** Scrolls the timeline by the wheel, and waits until it stands still. */
  async scrolls(pixels) {
    await this.timeline.hover();
    await this.page.mouse.wheel(0, pixels);
    await this.timeline.evaluate(async (view) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let [still, top] = [0, NaN]; still < 5; still = view.scrollTop === top ? still + 1 : 0) {
        top = view.scrollTop;
        await frame();
      }
    });
  }

  /** The first row that is wholly in sight: its key, and its upper edge in pixels from that of the timeline. */
  async firstInSight() {
    return this.timeline.evaluate((view) => {
      const edge = view.getBoundingClientRect().top;
      const tops = [...view.querySelectorAll('li[data-key]')].map((row) => [row.dataset.key, row.getBoundingClientRect().top]);
      const [key, top] = tops.find(([, top]) => top >= edge);
      return { key, top: top - edge };
    });
  }

  /** The upper edge of a row, in pixels from that of the timeline. */
  async topOf(key) {
    return this.timeline.evaluate((view, key) => {
      const row = view.querySelector(`[data-key="${key}"]`);
      return row.getBoundingClientRect().top - view.getBoundingClientRect().top;
    }, key);
  }

  /** From now on notes the upper edge of a row in every frame. */
  async watches(key) {
    await this.timeline.evaluate((view, key) => {
      const tops = (window.tops = []);
      const note = () => {
        if (window.tops !== tops) return;
        const row = view.querySelector(`[data-key="${key}"]`);
        tops.push(row ? row.getBoundingClientRect().top - view.getBoundingClientRect().top : NaN);
        requestAnimationFrame(note);
      };
      note();
    }, key);
  }

  /** What was noted since. */
  async hasWatched() {
    return this.page.evaluate(() => {
      const tops = window.tops;
      window.tops = null;
      return tops;
    });
  }

  /** Where something stands in the timeline, in pixels from its upper edge. */
  async place(locator) {
    const [view, box] = await Promise.all([this.timeline.boundingBox(), locator.first().boundingBox()]);
    const [top, bottom, height] = [box.y - view.y, box.y + box.height - view.y, view.height];
    return { top, bottom, height, is_inside: top >= 0 && bottom <= height };
  }

  /** Goes to another tab. */
  async looksAway() {
    // Playwright pretends that every page has the focus; here it must be as in life.
    const cdp = await this.context.newCDPSession(this.page);
    await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false });
    await (await this.context.newPage()).bringToFront();
    await until(`${this.display} looks away`, () => this.page.evaluate(() => !document.hasFocus()));
  }

  async looksBack() {
    await this.page.bringToFront();
  }

  /** Without network: the browser knows, and what was open breaks. */
  async goesOffline() {
    await this.context.setOffline(true);
    this.cable.cut();
  }

  async comesBack() {
    this.cable.mend();
    await this.context.setOffline(false);
  }

  async #finally(what, is_so) {
    await until(what, async () => is_so(await this.reads()), async () => `It was ${JSON.stringify(await this.reads())}`);
  }
}
