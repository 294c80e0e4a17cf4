// A real Magpie in a process of its own, which can be killed and comes back with the same address and data.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEADLINE } from './until.mjs';

const PROGRAM = process.env.MAGPIE_BIN || fileURLToPath(new URL('../../target/release/magpie', import.meta.url));
/** Fills folders; it stands beside the server. */
const FILLER = join(dirname(PROGRAM), 'magpie-bench');
const LOG_LINES = 40;
// Settings of whoever runs the tests are not for this server; it would also refuse MAGPIE_BIN, which it does not know.
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('MAGPIE_')));

export class Server {
  #child = null;
  #log = [];

  /** Starts one on a free port, with an empty data folder, or one that `magpie-bench seed` has filled so. */
  static async start(flags = [], seed = []) {
    const server = new Server();
    server.data = await mkdtemp(join(tmpdir(), 'magpie-e2e-'));
    server.flags = flags;
    if (seed.length) await promisify(execFile)(FILLER, ['--server', PROGRAM, 'seed', '--data', server.data, ...seed]);
    // A test file that breaks off leaves nothing behind.
    process.once('exit', () => server.#vanish());
    await server.#run('127.0.0.1:0');
    return server;
  }

  /** Where browsers find it, as in `http://127.0.0.1:4711`. */
  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The end that nobody can prepare for. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Starts it again where it was. */
  async restart() {
    await this.#run(`127.0.0.1:${this.port}`);
  }

  /** Asks it to stop, and removes its data. */
  async stop() {
    await this.#end('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
  }

  /** Asks it to stop, and keeps its data. */
  async pause() {
    await this.#end('SIGTERM');
  }

  /** The last lines of its log. */
  get log() {
    return this.#log.join('\n');
  }

  async #run(listen) {
    const child = spawn(PROGRAM, ['--listen', listen, '--data', this.data, ...this.flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: ENVIRONMENT,
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.#log.push(line);
      this.#log.splice(0, this.#log.length - LOG_LINES);
    });
    this.port = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server said no address.\n${this.log}`)), DEADLINE);
      const settle = (act) => (value) => {
        clearTimeout(late);
        act(value);
      };
      child.once('error', settle(reject));
      child.once('close', settle(() => reject(new Error(`the server did not start.\n${this.log}`))));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const port = line.match(/http:\/\/[^\s/]*:(\d+)/)?.[1];
        if (port) settle(resolve)(Number(port));
      });
    });
  }

  #vanish() {
    this.#child?.kill('SIGKILL');
    rmSync(this.data, { recursive: true, force: true });
  }

  async #end(signal) {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
