"""A small client library for Magpie, written from PROTOCOL.md alone, with the standard library of Python 3.11."""

import asyncio
import json
import os
import random
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from kept_files import History, Outbox, read_json, write_json
from plain_websocket import PlainWebSocket, SocketClosed, UpgradeRefused

LEVEL = 1
PASSING_CODES = {"too_fast", "busy", "storage_full", "internal"}
FINAL_CLOSES = {1002, 1009, 4001, 4002}
LARGEST_FRAME = 64 * 1024
QUIET_SECONDS, PONG_SECONDS, CONNECT_SECONDS = 45, 10, 10
FIRST_BOUND, LAST_BOUND, LONG_ENOUGH = 0.5, 30, 5


class Refused(Exception):
    """The server said no over HTTP; `code` is one of the codes of the protocol."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body.get('code')} {body.get('field', '')}".strip())
        self.status, self.code, self.field = status, body.get("code"), body.get("field")


def new_client_id():
    """A UUIDv7: 48 bits of milliseconds, then random bits."""
    value = int(time.time() * 1000) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 7 << 76
    return str(uuid.UUID(int=value & ~(3 << 62) | 2 << 62))


class Client:
    """One account on one server, with its files in `folder`. `observe` is called with everything that happens."""

    def __init__(self, address, folder, observe=lambda event: None):
        self.address, self._observe = address, observe
        self._account_path = os.path.join(folder, "account.json")
        self.account = read_json(self._account_path, None)
        self.outbox, self.history = Outbox(folder), History(folder)
        self.conversations, self.people = {}, {}
        self._socket, self._welcomed, self._opened_at = None, False, None
        self._in_flight, self._asked = {}, {}
        self._takers = {
            "welcome": self._take_welcome,
            "changed": self._take_changed,
            "skipped": self._take_skipped,
            "conversation": self._take_conversation,
            "done": self._take_done,
            "refused": self._take_refused,
            "page": self.history.prepend,
            "people": self._take_people,
            "read": self._take_read,
        }

    # Over HTTP

    async def sign_up(self, name, display, password, invitation=None):
        body = {"name": name, "display": display, "password": password}
        if invitation is not None:
            body["invitation"] = invitation
        await self.ask("POST", "/api/accounts", body)
        await self.sign_in(name, password)

    async def sign_in(self, name, password):
        self.account = await self.ask("POST", "/api/tokens", {"name": name, "password": password})
        write_json(self._account_path, self.account)

    async def find_people(self, words):
        return (await self.ask("GET", "/api/people?" + urllib.parse.urlencode({"q": words})))["people"]

    async def ask(self, method, path, body=None):
        """The JSON that an HTTP request is answered with, or Refused."""
        return await asyncio.to_thread(self._ask, method, path, body)

    def _ask(self, method, path, body):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.account:
            request.add_header("Authorization", f"Bearer {self.account['token']}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused(error.code, json.loads(error.read())) from None

    # The connection

    async def run(self):
        """Stays connected until it is cancelled, or until coming back is of no use."""
        bound = FIRST_BOUND
        while True:
            self._opened_at, code = None, None
            try:
                await self._live()
            except UpgradeRefused as refusal:
                code = 4001 if refusal.status == 401 else None
            except SocketClosed as closed:
                code = closed.code
            except (OSError, EOFError, TimeoutError):
                pass
            if code == 4003:
                self.history.enter_epoch(None)
            self._observe({"closed": code})
            if code in FINAL_CLOSES:
                return
            if self._opened_at and time.monotonic() - self._opened_at >= LONG_ENOUGH:
                bound = FIRST_BOUND
            await asyncio.sleep(random.uniform(0, bound))
            bound = min(LAST_BOUND, bound * 2)

    async def _live(self):
        headers = {"Authorization": f"Bearer {self.account['token']}"}
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await PlainWebSocket.connect(self.address, "/ws", headers, "magpie.v1")
        try:
            self._socket, self._opened_at = socket, time.monotonic()
            hello = {"t": "hello", "level": LEVEL}
            if self.history.epoch:
                hello |= {"epoch": self.history.epoch, "cursors": self.history.cursors()}
            self.send(hello)
            while True:
                frame = json.loads(await self._next_text(socket))
                self.take(frame)
                self._observe({"frame": frame})
        finally:
            self._socket, self._welcomed = None, False
            self._in_flight.clear()
            self._asked.clear()
            socket.close()

    async def _next_text(self, socket):
        """The next message; asks after a silence whether anybody is there."""
        coming = asyncio.ensure_future(socket.receive_text())
        try:
            if not (await asyncio.wait({coming}, timeout=QUIET_SECONDS))[0]:
                self.send({"t": "ping"})
                if not (await asyncio.wait({coming}, timeout=PONG_SECONDS))[0]:
                    raise TimeoutError
            return coming.result()
        finally:
            coming.cancel()

    def send(self, frame):
        """Sends one frame if there is a connection; what must not be lost goes through `do`."""
        self.send_text(json.dumps(frame, ensure_ascii=False))

    def send_text(self, text):
        if self._socket:
            self._socket.send_text(text)

    # Deeds

    def do(self, deed):
        """Keeps a deed on disk, then sends it as soon as its turn comes; returns its client_id."""
        return self.do_all([deed])[0]

    def do_all(self, deeds):
        deeds = [(new_client_id(), deed) for deed in deeds]
        if any(len(self._deed_frame(*deed).encode()) > LARGEST_FRAME for deed in deeds):
            raise ValueError("a deed that no server would take")
        self.outbox.add(deeds, self.history.epoch)
        self._send_deeds()
        return [client_id for client_id, _ in deeds]

    def _send_deeds(self):
        """Has the oldest deed of each conversation in flight; deeds without a conversation share a lane."""
        if not self._welcomed:
            return
        for kept in self.outbox:
            lane = kept["deed"].get("conversation")
            # An id of another epoch may by now be another conversation.
            foreign = kept["epoch"] not in (None, self.history.epoch)
            if lane not in self._in_flight and not foreign:
                self._in_flight[lane] = kept["client_id"]
                self._send_deed(kept)

    def _send_deed(self, kept):
        self.send_text(self._deed_frame(kept["client_id"], kept["deed"]))

    @staticmethod
    def _deed_frame(client_id, deed):
        return json.dumps({"t": "do", "client_id": client_id, "deed": deed}, ensure_ascii=False)

    def _send_deed_again(self, socket, kept):
        if self._socket is socket and kept["client_id"] in self._in_flight.values():
            self._send_deed(kept)

    def _answered(self, client_id):
        if self.outbox.forget(client_id):
            self._in_flight = {lane: sent for lane, sent in self._in_flight.items() if sent != client_id}
            self._send_deeds()

    # Frames from the server

    def take(self, frame):
        """Learns from a frame; a kind that is not known is nothing."""
        taker = self._takers.get(frame.get("t"))
        if taker:
            taker(frame)

    def page_back(self, conversation, limit=50):
        """Asks for what is before the oldest entry that is held; False at the beginning."""
        bottom = self.history.held[conversation].bottom
        if bottom > 1:
            self.send({"t": "page", "conversation": conversation, "before": bottom, "limit": limit})
        return bottom > 1

    def _take_welcome(self, frame):
        self.history.enter_epoch(frame["epoch"])
        self.conversations = {}
        for summary in frame["conversations"]:
            self._enlist(summary)
        for conversation in set(self.history.held) - set(self.conversations):
            self.history.leave(conversation)
        self._take_people(frame)
        self._welcomed = True
        self._send_deeds()

    def _take_conversation(self, frame):
        self._enlist(frame["summary"])

    def _enlist(self, summary):
        conversation, since = summary["id"], summary["since"]
        self.conversations[conversation] = summary
        held = self.history.held.get(conversation)
        if held is None or held.cursor != since:
            self.history.start(conversation, since)

    def _take_changed(self, frame):
        change = frame["change"]
        conversation, seq = change["conversation"], change["seq"]
        held = self.history.held.get(conversation)
        if held and seq == held.cursor + 1:
            self.history.append(change)
            if change.get("author") == self.account["me"]["id"] and "client_id" in change:
                self._answered(change["client_id"])
        elif held and seq > held.cursor and self._asked.get(conversation) != held.cursor:
            # One question for one hole; what comes after it comes again with the answer.
            self._asked[conversation] = held.cursor
            self.send({"t": "catch_up", "conversation": conversation, "after": held.cursor})

    def _take_skipped(self, frame):
        held = self.history.held.get(frame["conversation"])
        if held and frame["to"] > held.cursor:
            self.history.skip(frame["conversation"], frame["to"])

    def _take_done(self, frame):
        self._answered(frame["client_id"])

    def _take_refused(self, frame):
        client_id = frame.get("client_id")
        if frame["code"] not in PASSING_CODES:
            self._answered(client_id)
            return
        for kept in self.outbox:
            if kept["client_id"] == client_id:
                delay = frame.get("retry_after", 1000) / 1000
                asyncio.get_running_loop().call_later(delay, self._send_deed_again, self._socket, kept)

    def _take_people(self, frame):
        self.people |= {person["id"]: person for person in frame["people"]}

    def _take_read(self, frame):
        summary = self.conversations.get(frame["conversation"])
        if summary:
            summary |= {"read": frame["seq"], "unread": frame["unread"]}
