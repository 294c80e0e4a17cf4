// A Python program of another make, in a process of its own, which can be told what to do, watched and killed.

import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const DEADLINE = 30_000;

const SCRIPT = fileURLToPath(new URL('program.py', import.meta.url));
// -B: leaves no compiled files in the checkout.
const FLAGS = ['-B', '-X', 'utf8', SCRIPT];

export class Program {
  #child;
  #events = new EventEmitter();
  #seen = 0;
  #asked = new Map();
  #errors = '';
  /** Every frame of the server since this process started. */
  frames = [];
  /** The code of every connection that ended. */
  closes = [];

  /** Starts one that keeps its files in `folder`, which may hold files of an earlier one. */
  static async start(server, folder) {
    await mkdir(folder, { recursive: true });
    return new Program(server.address, folder);
  }

  constructor(address, folder) {
    this.folder = folder;
    this.#events.setMaxListeners(0);
    const child = spawn('python3', [...FLAGS, address, folder], { stdio: 'pipe' });
    this.#child = child;
    // A test that breaks off leaves nothing behind.
    const end = () => child.kill('SIGKILL');
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    child.stdin.on('error', () => {});
    child.stderr.on('data', (data) => (this.#errors += data));
    child.once('error', (error) => this.#end(error));
    child.once('close', () => this.#end(new Error(`the program ended. ${this.#errors}`)));
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
  }

  /** Tells it to do something, and returns what comes of it. */
  async ask(what, details = {}) {
    const number = this.#asked.size + 1;
    const answer = new Promise((resolve, reject) => this.#asked.set(number, { resolve, reject }));
    this.#child.stdin.write(`${JSON.stringify({ ask: number, what, ...details })}\n`);
    const { result, error } = await this.#inTime(`an answer to ${what}`, answer);
    if (error) throw new Error(`${what}: ${error}`);
    return result;
  }

  /** Waits until `holds` gives something true, which it returns; looks again whenever the program saw something. */
  async until(what, holds) {
    const late = Date.now() + DEADLINE;
    for (;;) {
      const seen = this.#seen;
      const found = await holds();
      if (found) return found;
      if (seen === this.#seen) await this.#inTime(what, once(this.#events, 'seen'), late - Date.now());
    }
  }

  /** The end that nobody can prepare for. */
  async kill() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await this.#inTime('the end of the program', gone);
  }


  #hear(event) {
    if ('answer' in event) {
      this.#asked.get(event.answer).resolve(event);
      return;
    }
    if ('frame' in event) this.frames.push(event.frame);
    if ('closed' in event) this.closes.push(event.closed);
    this.#seen += 1;
    this.#events.emit('seen');
  }

  #end(error) {
    for (const { resolve } of this.#asked.values()) resolve({ error: error.message });
  }

  async #inTime(what, promise, patience = DEADLINE) {
    let timer;
    const late = new Promise((_, reject) => {
      const error = new Error(`waited in vain for ${what}; last frames: ${JSON.stringify(this.frames.slice(-3))} ${this.#errors}`);
      timer = setTimeout(() => reject(error), Math.max(patience, 0));
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
