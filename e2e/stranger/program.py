"""A program that talks to Magpie as it is told on standard input, and tells on standard output what it sees.

A line in is `{"ask": 1, "what": "post", …}`; it is answered by `{"answer": 1, "result": …}` or with an `error`.
The other lines out are `{"frame": …}` for each frame of the server and `{"closed": code}` for each end of a connection.
"""

import asyncio
import json
import sys
import traceback

from magpie_client import Client

LONGEST_LINE = 1024 * 1024


def tell(event):
    print(json.dumps(event, ensure_ascii=False), flush=True)


class LossyClient(Client):
    """A client that can be made to overlook changes, as if they had been lost on the way."""

    to_lose = 0

    def take(self, frame):
        if frame["t"] == "changed" and self.to_lose:
            self.to_lose -= 1
        else:
            super().take(frame)


class Program:
    def __init__(self, address, folder):
        self.client = LossyClient(address, folder, tell)
        self._connection = None

    async def sign_up(self, name, display, password):
        await self.client.sign_up(name, display, password)

    async def sign_in(self, name, password):
        await self.client.sign_in(name, password)

    async def find_people(self, words):
        return await self.client.find_people(words)

    async def go_online(self):
        self._connection = asyncio.create_task(self._stay_online())

    async def _stay_online(self):
        try:
            await self.client.run()
        except Exception:
            traceback.print_exc()

    async def go_offline(self):
        self._connection.cancel()
        await asyncio.wait({self._connection})

    async def do(self, deed):
        return self.client.do(deed)

    async def post(self, conversation, bodies):
        return self.client.do_all({"kind": "post", "conversation": conversation, "body": body} for body in bodies)

    async def page_back(self, conversation, limit):
        return self.client.page_back(conversation, limit)

    async def send_text(self, text):
        self.client.send_text(text)

    async def pretend(self, frame):
        """Takes a frame that no server sent."""
        self.client.take(frame)

    async def lose_changes(self, number):
        self.client.to_lose = number

    async def about(self):
        client = self.client
        return {
            "me": client.account["me"],
            "epoch": client.history.epoch,
            "pending": len(client.outbox),
            "conversations": list(client.conversations.values()),
            "cursors": dict(client.history.cursors()),
        }

    async def held(self, conversation):
        held = self.client.history.held[conversation]
        entries = [held.entries[seq] for seq in sorted(held.entries)]
        return {"bottom": held.bottom, "cursor": held.cursor, "entries": entries}

    async def obey(self, line):
        order = json.loads(line)
        number, what = order.pop("ask"), order.pop("what")
        try:
            tell({"answer": number, "result": await getattr(self, what)(**order)})
        except Exception as error:
            tell({"answer": number, "error": f"{type(error).__name__}: {error}"})


async def main(address, folder):
    program = Program(address, folder)
    orders = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        await program.obey(line)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
