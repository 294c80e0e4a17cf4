// The cable between one person and the server: everything goes through it, and it can be cut and mended.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export class Cable {
  #server;
  #sockets = new Set();
  #is_cut = false;
  #without_sockets = false;
  /** Whose words wait until the cable is mended; `null` while they get through. */
  #waiting = null;
  /** What comes from the server, by connection: held back or flowing. */
  #answers = new Map();

  /** A cable to a server, which may come and go behind it. */
  static async to(server) {
    const cable = new Cable();
    cable.#server = createServer((near) => cable.#join(near, server));
    cable.#server.listen(0, '127.0.0.1');
    await once(cable.#server, 'listening');
    cable.address = `http://127.0.0.1:${cable.#server.address().port}`;
    return cable;
  }

  /** From now on nothing gets through, and what is open breaks. */
  cut() {
    this.#is_cut = true;
    this.#break();
  }

  /** Lets pages and files through, but no WebSocket, like some proxies. */
  cutSockets() {
    this.#without_sockets = true;
    this.#break();
  }

  /** What is open breaks, and who comes anew is neither turned away nor answered, until the cable is mended. */
  fallSilent() {
    this.#waiting = [];
    this.#break();
  }

  /** Everything that is open is dead from now on, and neither side hears of it; who comes anew waits. */
  die() {
    this.#waiting = [];
    for (const [far, near] of this.#answers) {
      far.unpipe(near);
      near.unpipe(far);
    }
    this.#answers.clear();
  }

  /** Holds back what the server says, like a slow network; what is asked still gets there. */
  holdBack() {
    for (const [far, near] of this.#answers) far.unpipe(near);
  }

  /** Lets through what was held back. */
  letThrough() {
    for (const [far, near] of this.#answers) far.pipe(near);
  }

  /** All is well again. */
  mend() {
    this.#is_cut = false;
    this.#without_sockets = false;
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const [near, server] of waiting) this.#join(near, server);
  }

  async close() {
    this.#break();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near, server) {
    this.#keep(near);
    if (this.#waiting) return this.#waiting.push([near, server]);
    if (this.#is_cut) return near.destroy();
    near.once('data', (first) => {
      // A browser opens a connection of its own for each WebSocket, so the first bytes tell.
      if (this.#without_sockets && first.toString('latin1').startsWith('GET /ws')) return near.destroy();
      const far = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
      this.#keep(far);
      far.write(first);
      near.pipe(far).pipe(near);
      this.#answers.set(far, near);
      near.once('close', () => far.destroy());
      far.once('close', () => {
        this.#answers.delete(far);
        near.destroy();
      });
    });
  }

  #keep(socket) {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A broken connection is what this cable is for; `close` follows.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #break() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }
}
