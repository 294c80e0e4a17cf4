// An input method, as the browser's own protocol drives it: text under composition, candidates, and their Enter.

const CODES = { Tab: 9, Escape: 27, ArrowUp: 38, ArrowDown: 40 };

export class InputMethod {
  #cdp;

  static async of(person) {
    const method = new InputMethod();
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
  }

  /** Enter while letters are composed, as macOS and Linux tell it. */
  async pressesEnter() {
    await this.#press({ key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 });
  }

  /** Any other key while letters are composed. */
  async presses(key) {
    await this.#press({ key, code: key, windowsVirtualKeyCode: CODES[key] });
  }

  /** Enter that the input method took, as Windows and Safari tell it: with the key code 229. */
  async pressesEnterAs229() {
    await this.#press({ key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  }

  /** Safari ends the composition first, and tells of the Enter that ended it afterwards, with the key code 229. */
  static async confirmsAsSafariDoes(field) {
    await field.evaluate((field) => {
      field.dispatchEvent(new CompositionEvent('compositionend', { data: field.value, bubbles: true }));
      const enter = { key: 'Enter', code: 'Enter', keyCode: 229, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent('keydown', enter));
    });
  }

  /**
   * Tells a field what another browser would tell it, step by step and in one go: `['compose', letters]`,
   * `['end', text]`, and `['key' or 'keyup', name, { keyCode, isComposing }]`.
   */
  static async replays(field, steps) {
    await field.evaluate((field, steps) => {
      let start = field.selectionStart - (field.dataset.composed ?? '').length;
      const tell = (Kind, type, init) => field.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, ...init }));
      const put = (text, isComposing) => {
        field.setRangeText(text, start, field.selectionEnd, 'end');
        tell(InputEvent, 'input', { data: text, inputType: 'insertCompositionText', isComposing });
      };
      for (const [step, text, init] of steps) {
        if (step === 'compose') {
          if (field.dataset.composed === undefined) tell(CompositionEvent, 'compositionstart', { data: '' });
          tell(CompositionEvent, 'compositionupdate', { data: text });
          field.dataset.composed = text;
          put(text, true);
        } else if (step === 'end') {
          put(text, true);
          delete field.dataset.composed;
          start = field.selectionEnd;
          tell(CompositionEvent, 'compositionend', { data: text });
        } else {
          tell(KeyboardEvent, step === 'key' ? 'keydown' : 'keyup', { key: text, code: text, ...init });
        }
      }
    }, steps);
  }

  async #press(key) {
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...key });
    await this.#cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key });
  }
}
