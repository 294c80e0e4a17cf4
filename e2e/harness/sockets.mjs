// Which pages of a browser hold a WebSocket to the server.

export class Sockets {
  #open = new Map();

  /** From now on counts those of all pages of a browser. */
  static of(context) {
    const sockets = new Sockets();
    for (const page of context.pages()) sockets.#watch(page);
    context.on('page', (page) => sockets.#watch(page));
    return sockets;
  }

  /** The pages that hold one, each as often as it does. */
  get holders() {
    return [...this.#open.values()];
  }

  #watch(page) {
    page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/ws')) return;
      this.#open.set(socket, page);
      socket.on('close', () => this.#open.delete(socket));
    });
    const gone = () => {
      for (const [socket, holder] of this.#open) if (holder === page) this.#open.delete(socket);
    };
    page.on('close', gone);
    page.on('crash', gone);
    // A page that is loaded anew has lost its own.
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && frame.url() === 'about:blank') gone();
    });
  }
}
