"""A minimal WebSocket client (RFC 6455) for text messages, over an asyncio stream and the standard library."""

import asyncio
import base64
import hashlib
import os
from urllib.parse import urlsplit

HANDSHAKE_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
LARGEST_MESSAGE = 64 * 1024 * 1024
CONTINUED, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class UpgradeRefused(Exception):
    """The server answered the upgrade with something other than 101."""

    def __init__(self, status, body):
        super().__init__(f"the upgrade was answered with {status}")
        self.status, self.body = status, body


class SocketClosed(Exception):
    """The connection is over; `code` is the one of the close frame, or None when there was none."""

    def __init__(self, code=None):
        super().__init__(f"the socket closed with {code}")
        self.code = code


class PlainWebSocket:
    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self._closing = False

    @classmethod
    async def connect(cls, address, path, headers, protocol):
        """Opens `path` of a server at http(s)://host:port, and insists on the subprotocol."""
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
        try:
            key = base64.b64encode(os.urandom(16))
            fields = {
                "Host": parts.netloc,
                "Upgrade": "websocket",
                "Connection": "Upgrade",
                "Sec-WebSocket-Key": key.decode(),
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Protocol": protocol,
                **headers,
            }
            lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
            writer.write("\r\n".join(lines).encode())
            await cls._check_handshake(reader, key, protocol)
        except BaseException:
            writer.close()
            raise
        return cls(reader, writer)

    @staticmethod
    async def _check_handshake(reader, key, protocol):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ")[1])
        got = {}
        for line in filter(None, head[1:]):
            name, _, value = line.partition(":")
            got[name.strip().lower()] = value.strip()
        if status != 101:
            raise UpgradeRefused(status, await reader.readexactly(int(got.get("content-length", 0))))
        expected = base64.b64encode(hashlib.sha1(key + HANDSHAKE_GUID).digest()).decode()
        if got.get("sec-websocket-accept") != expected or got.get("sec-websocket-protocol") != protocol:
            raise UpgradeRefused(status, b"a handshake for somebody else")

    def send_text(self, text):
        self._send(TEXT, text.encode())

    async def receive_text(self):
        """The next text message; answers pings meanwhile, and raises SocketClosed at the end."""
        kind, message = None, b""
        while True:
            final, opcode, payload = await self._receive_frame()
            if opcode == PING:
                self._send(PONG, payload)
            elif opcode == CLOSE:
                code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else None
                self.close(code or 1000)
                raise SocketClosed(code)
            elif opcode in (CONTINUED, TEXT, BINARY):
                if (opcode == CONTINUED) == (kind is None):
                    self._fail(1002)
                kind = opcode or kind
                message += payload
                if len(message) > LARGEST_MESSAGE:
                    self._fail(1009)
                if final and kind == TEXT:
                    return message.decode()
                if final:
                    kind, message = None, b""
            elif opcode != PONG:
                self._fail(1002)

    def close(self, code=1000):
        """Says goodbye, once, and lets go of the connection when that is written."""
        if not self._closing:
            self._send(CLOSE, code.to_bytes(2, "big"))
            self._closing = True
            self._writer.close()

    def _fail(self, code):
        self.close(code)
        raise SocketClosed(code)

    def _send(self, opcode, payload):
        if self._closing or self._writer.is_closing():
            return
        length = len(payload)
        if length < 126:
            head = bytes([0x80 | opcode, 0x80 | length])
        elif length < 65536:
            head = bytes([0x80 | opcode, 0x80 | 126]) + length.to_bytes(2, "big")
        else:
            head = bytes([0x80 | opcode, 0x80 | 127]) + length.to_bytes(8, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
        self._writer.write(head + mask + masked)

    async def _receive_frame(self):
        try:
            first, second = await self._reader.readexactly(2)
            if first & 0x70 or second & 0x80:
                self._fail(1002)
            length = second & 0x7F
            if length >= 126:
                length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8), "big")
            if length > LARGEST_MESSAGE:
                self._fail(1009)
            return bool(first & 0x80), first & 0x0F, await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, OSError):
            self._writer.close()
            raise SocketClosed() from None
