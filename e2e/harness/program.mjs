// Somebody who talks to Magpie by program, as PROTOCOL.md says: signs up, connects, does, and hears.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { until } from './until.mjs';

/** The password of everybody here. */
export const PASSWORD = 'correct horse battery';

export class Program {
  #socket;
  #answers = new Map();
  /** What the server said at the beginning. */
  welcome;
  /** All changes heard, in the order they came. */
  heard = [];

  /** Makes an account and connects. */
  static async signUp(server, { name, display }) {
    await post(server, '/api/accounts', { name, display, password: PASSWORD });
    return Program.signIn(server, { name, display });
  }

  /** Connects to an account that is there. */
  static async signIn(server, { name, display = name }) {
    const program = new Program();
    const { token, me } = await post(server, '/api/tokens', { name, password: PASSWORD });
    Object.assign(program, { server, token, name, display, id: me.id });
    await program.#connect();
    return program;
  }

  /** Does a deed and answers with where it stands in the log. */
  async does(deed) {
    const client_id = randomUUID();
    const answer = new Promise((resolve) => this.#answers.set(client_id, resolve));
    this.#send({ t: 'do', client_id, deed });
    const frame = await answer;
    if (frame.t !== 'done') throw new Error(`${deed.kind} was refused: ${frame.code}`);
    return frame;
  }

  /** Says something, and answers with its place. */
  async says(conversation, body) {
    return (await this.does({ kind: 'post', conversation, body })).seq;
  }

  /** Says so many numbered things of different lengths, and answers with their texts. */
  async tells(conversation, count, what = 'story') {
    const lines = (number) => (number % 7 === 0 ? '\n' + '说来话长。'.repeat(1 + (number % 50)) : '');
    const texts = Array.from({ length: count }, (_, at) => `${what} ${at + 1}.${lines(at + 1)}`);
    for (const text of texts) await this.says(conversation, text);
    return texts;
  }

  async makesGroup(title, people) {
    return (await this.does({ kind: 'make_group', title, people: people.map(({ id }) => id) })).conversation;
  }

  async makesChannel(title) {
    return (await this.does({ kind: 'make_channel', title })).conversation;
  }

  async joins(conversation) {
    await this.does({ kind: 'join', conversation });
  }

  async writesTo({ id }) {
    return (await this.does({ kind: 'open_direct', with: id })).conversation;
  }

  /** Has read up to a place; returns when the server knows it. */
  async hasRead(conversation, seq) {
    this.#send({ t: 'read', conversation, seq });
    await this.#echo();
  }

  /** What was said in a conversation, from the beginning. */
  async history(conversation) {
    const said = [];
    let before;
    while (before !== 1) {
      this.#send({ t: 'page', conversation, before, limit: 100 });
      const page = await new Promise((resolve) => this.#answers.set('page', resolve));
      said.unshift(...page.entries.filter(({ what }) => what.kind === 'posted').map(({ what }) => what.body));
      before = page.from;
    }
    return said;
  }

  /** The person whose name this is part of. */
  async finds(name) {
    return (await this.#asks(`/api/people?q=${encodeURIComponent(name)}`)).people[0];
  }

  /** The Lobby's number. */
  get lobby() {
    return this.welcome.conversations.find(({ kind, title }) => kind === 'channel' && /Lobby/.test(title)).id;
  }

  leaves() {
    this.#socket.terminate();
  }

  async #connect() {
    const address = `${this.server.address.replace('http', 'ws')}/ws`;
    const headers = { Authorization: `Bearer ${this.token}` };
    this.#socket = new WebSocket(address, 'magpie.v1', { headers });
    this.#socket.on('message', (text) => this.#hear(JSON.parse(text)));
    await once(this.#socket, 'open');
    this.#send({ t: 'hello', level: 1 });
    await until(`${this.name} is welcome`, () => this.welcome);
  }

  #hear(frame) {
    if (frame.t === 'welcome') this.welcome = frame;
    if (frame.t === 'changed') this.heard.push(frame.change);
    if (frame.t === 'done' || frame.t === 'refused') this.#answer(frame.client_id, frame);
    if (frame.t === 'pong' || frame.t === 'page') this.#answer(frame.t, frame);
  }

  #answer(key, frame) {
    this.#answers.get(key)?.(frame);
    this.#answers.delete(key);
  }

  async #asks(path) {
    const response = await fetch(this.server.address + path, { headers: { Authorization: `Bearer ${this.token}` } });
    return response.json();
  }

  async #echo() {
    const pong = new Promise((resolve) => this.#answers.set('pong', resolve));
    this.#send({ t: 'ping' });
    await pong;
  }

  #send(frame) {
    this.#socket.send(JSON.stringify(frame));
  }
}

async function post(server, path, body) {
  const response = await fetch(server.address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
