// An input method, as the browser's own protocol drives it: text under composition, candidates, and their Enter.

export class InputMethod {
  #cdp;
  #page;

  static async of(person) {
    const method = new InputMethod();
    method.#page = person.page;
    method.#cdp = await person.context.newCDPSession(person.page);
    return method;
  }

  /** Shows letters that are not chosen yet. */
  async composes(text) {
    await this.#cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }

  /** Puts the chosen text where the letters were; this ends the composition. */
  async commits(text) {
    await this.#cdp.send('Input.insertText', { text });
    // The page takes an Enter of the same moment for the one that chose; the browser puts keys before timers.
    await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
  }

  /** Enter while letters are composed, as macOS and Linux tell it. */
  async pressesEnter() {
    await this.#press({ key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  }

  /** Enter that the input method took, as Windows and Safari tell it: with the key code 229. */
  async pressesEnterAs229() {
    await this.#press({ key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  }

  /** Safari ends the composition first, and tells of the Enter that ended it afterwards, as of any other. */
  static async confirmsAsSafariDoes(field) {
    await field.evaluate((field) => {
      field.dispatchEvent(new CompositionEvent('compositionend', { data: field.value, bubbles: true }));
      const enter = { key: 'Enter', code: 'Enter', keyCode: 13, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', enter));
    });
  }

  async #press(key) {
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }
}
