// A page that stands still, as one does that its browser froze or whose laptop is closed: nothing in it runs.

export class Sleep {
  #cdp;

  /** Puts a person's page to sleep. */
  static async of({ context, page }) {
    const sleep = new Sleep();
    // The protocol's own "frozen" leaves pages alone that hold a lock; a debugger stops any.
    const cdp = (sleep.#cdp = await context.newCDPSession(page));
    await cdp.send('Debugger.enable');
    const asleep = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
    // Answered when it wakes.
    cdp.send('Runtime.evaluate', { expression: 'debugger' }).catch(() => {});
    await asleep;
    return sleep;
  }

  /** It goes on where it stood. */
  async ends() {
    await this.#cdp.send('Debugger.resume');
    await this.#cdp.detach();
  }
}
