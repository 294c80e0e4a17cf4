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

  get list() {
    return this.page.getByRole('navigation', { name: this.words.conversations });
  }

  get timeline() {
    return this.page.getByRole('region', { name: this.words.messages });
  }

  get composer() {
    return this.page.getByRole('textbox', { name: this.words.composer });
  }

  /** The link that opens and closes the details of the open conversation. */
  get detailsLink() {
    return this.page.getByRole('link', { name: this.words.details, exact: true });
  }

  get details() {
    return this.page.getByRole('region', { name: this.words.details });
  }

  /** The lines that tell of the connection and of what is typed. */
  get status() {
    return this.page.getByRole('status');
  }

  get dialog() {
    return this.page.getByRole('dialog');
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The row of a conversation in the list. */
  row(title) {
    // Who said the last line stands in a row as well.
    const called = this.page.getByText(title, { exact: true }).and(this.page.locator(':not(.who)'));
    return this.list.getByRole('link').filter({ has: called });
  }

  /** The bubble of a message. */
  message(text) {
    return this.#rows.filter({ hasText: text });
  }

  /** What stands in the timeline by itself; a message may hold a list of its own. */
  get #rows() {
    return this.timeline.locator('[data-key]');
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

  async signsIn(password = PASSWORD) {
    const { words } = this;
    await this.visits('/signin');
    await this.page.getByLabel(words.name, { exact: true }).fill(this.name);
    await this.page.getByLabel(words.password, { exact: true }).fill(password);
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

  /** The same person in another tab of the same browser. */
  async opensTab(path = '/') {
    const tab = new Person({ ...this, page: await this.context.newPage() });
    await tab.visits(path);
    return tab;
  }

  /** Waits until this browser has kept a text for when there is no network. */
  async keeps(text) {
    await until(`${this.display}'s browser keeps ${text}`, () => this.page.evaluate(keptIn, ['rooms', text]));
  }

  /** Waits until the browser can open the page without a network. */
  async keepsThePage() {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  }

  async opens(title) {
    await this.row(title).click();
    await this.isAt(title);
  }

  /** Waits until a conversation is open, and its history there. */
  async isAt(title) {
    await this.page.getByRole('textbox', { name: this.words.messageTo(title) }).waitFor();
    await this.hasLanded();
  }

  /** Waits until the history of the open conversation is there. */
  async hasLanded() {
    const silence = this.page.getByRole('heading', { name: this.words.empty });
    await this.timeline.getByRole('list').or(silence).first().waitFor();
  }

  /** Waits until nothing on the page moves any more. */
  async stands() {
    await this.page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))));
  }

  /** Presses Tab until something has the focus. */
  async tabsTo(locator) {
    await locator.waitFor();
    const is_there = () => locator.evaluate((element) => element === document.activeElement);
    for (let count = 0; !(await is_there()); count += 1) {
      if (count > 60) throw new Error(`${this.display} does not get to ${locator} by Tab`);
      await this.page.keyboard.press('Tab');
    }
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
    return this.#rows.evaluateAll((items) => {
      const said = items.map((item) => item.querySelector('.text, .big')?.cloneNode(true));
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

  /** Waits until a message of this person's is as far as `state`: `waiting`, `failed`, or `sent` and perhaps read. */
  async seesAs(state, text) {
    const { words } = this;
    const further = [words.delivered, words.read, words.readBy('\\d+'), words.readByAll];
    const states = state === 'sent' ? [words.sent, ...further] : [words[state]];
    await this.message(text).getByText(new RegExp(`^(${states.join('|')})$`)).first().waitFor();
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

/** Whether a store of any account in this browser holds a text. Runs in the page. */
async function keptIn([store, text]) {
  const done = (request) =>
    new Promise((resolve, reject) => Object.assign(request, { onsuccess: () => resolve(request.result), onerror: reject }));
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const there = database.objectStoreNames.contains(store);
    const kept = there ? await done(database.transaction(store).objectStore(store).getAll()) : [];
    database.close();
    if (kept.some((json) => json.includes(text))) return true;
  }
  return false;
}
