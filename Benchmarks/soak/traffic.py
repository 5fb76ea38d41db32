"""Traffic of many kinds over the loopback, and the server that answers it, both counting what they did.

A kind is a coroutine that makes one unit of traffic: it gets a `Client` and says through its counts how many requests
it began and how many answers came whole. What is sent is made from a seed, so that two runs send the same.
"""

import asyncio
import base64
import gzip
import hashlib
import json
import os
import random
import socket
import struct

EVENTS_OF_A_STREAM = 20
PIPELINE = 10
FRAMES_OF_A_SOCKET = 20


class Counts:
    """What one side of the traffic did."""

    def __init__(self):
        self.requests = 0
        self.responses = 0
        self.aborted = 0
        self.events = 0
        self.frames = 0
        self.failed = 0


# The server.


async def read_request(reader):
    """Method, target, fields and body of a request; None at the end of the connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    body = b""
    if "content-length" in fields:
        body = await reader.readexactly(int(fields["content-length"]))
    elif fields.get("transfer-encoding") == "chunked":
        while True:
            size = int(await reader.readuntil(b"\r\n"), 16)
            piece = await reader.readexactly(size + 2)
            if size == 0:
                break
            body += piece[:-2]
    return method, target, fields, body


async def serve(reader, writer):
    try:
        while True:
            method, target, fields, body = await read_request(reader)
            if target.startswith("/events"):
                await serve_events(writer, target)
            elif target.startswith("/socket"):
                await serve_socket(reader, writer, fields)
                return
            elif target.startswith("/gzip"):
                answer = gzip.compress(body, 1, mtime=0)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(answer) + answer
                )
            elif target.startswith("/chunked"):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in range(0, len(body), 200):
                    piece = body[start : start + 200]
                    writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                writer.write(b"0\r\n\r\n")
            else:
                answer = b'{"received":%d}' % len(body)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(answer)
                    + answer
                )
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        pass
    finally:
        writer.close()


async def serve_events(writer, target):
    """So many events, 20 a second; without a number they come one a second until the client goes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    await writer.drain()
    endless = target.endswith("endless")
    number = 0
    while endless or number < EVENTS_OF_A_STREAM:
        event = b'event: tick\ndata: {"number":%d,"mail":"user%d@example.org"}\n\n' % (number, number)
        writer.write(b"%x\r\n%s\r\n" % (len(event), event))
        await writer.drain()
        number += 1
        await asyncio.sleep(1 if endless else 0.05)
    writer.write(b"0\r\n\r\n")


def frame(opcode, payload, mask=None):
    head = bytes([0x80 | opcode])
    bit = 0x80 if mask else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    else:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    if not mask:
        return head + payload
    return head + mask + bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    count = second & 127
    if count == 126:
        (count,) = struct.unpack(">H", await reader.readexactly(2))
    mask = await reader.readexactly(4) if second & 128 else None
    payload = await reader.readexactly(count)
    if mask:
        payload = bytes(byte ^ mask[index & 3] for index, byte in enumerate(payload))
    return first & 15, payload


async def serve_socket(reader, writer, fields):
    """Sends each message back (RFC 6455)."""
    key = fields["sec-websocket-key"].encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    accept = base64.b64encode(hashlib.sha1(key).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: %s\r\n\r\n" % accept
    )
    while True:
        opcode, payload = await read_frame(reader)
        writer.write(frame(opcode, payload))
        await writer.drain()
        if opcode == 8:
            return


# The clients.


class Client:
    """One lane: a kept-alive connection that is made when it is needed, from a loopback address of its own."""

    def __init__(self, port, number, counts):
        self.port = port
        self.number = number
        self.counts = counts
        self.random = random.Random(number)
        self.streams = None

    async def connection(self):
        if self.streams is None:
            # Short connections leave ports in TIME-WAIT; each source address has ports of its own.
            source = "127.0.%d.%d" % (self.random.randrange(1, 40), self.random.randrange(1, 250))
            connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.bind((source, 0))
            await asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port))
            self.streams = await asyncio.open_connection(sock=connection, limit=1 << 20)
        return self.streams

    def close(self, reset=False):
        if self.streams is None:
            return
        _, writer = self.streams
        self.streams = None
        if reset:
            connection = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        else:
            writer.close()

    def webhook(self, size=400):
        text = "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz ", k=max(0, size - 160)))
        return json.dumps(
            {
                "id": "%016x" % self.random.getrandbits(64),
                "mail": "user%d@example.com" % self.random.randrange(100_000),
                "amount": self.random.randrange(1_000_000),
                "text": text,
            }
        ).encode()

    async def answer(self):
        """Reads one answer to its end."""
        reader, _ = self.streams
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in head:
            while True:
                size = int(await reader.readuntil(b"\r\n"), 16)
                await reader.readexactly(size + 2)
                if size == 0:
                    break
                self.counts.events += 1
        else:
            start = head.index(b"content-length:") + 15
            await reader.readexactly(int(head[start : head.index(b"\r\n", start)]))
        self.counts.responses += 1

    async def send(self, request):
        _, writer = await self.connection()
        self.counts.requests += 1
        writer.write(request)
        await writer.drain()


def post(target, body, fields=b""):
    return (
        b"POST %s HTTP/1.1\r\nHost: hooks.example\r\nContent-Type: application/json\r\nUser-Agent: soak/1\r\n%s"
        b"Content-Length: %d\r\n\r\n%s" % (target, fields, len(body), body)
    )


async def webhooks(client):
    await client.send(post(b"/hooks/github?n=%d" % client.random.randrange(1000), client.webhook()))
    await client.answer()


async def large(client):
    await client.send(post(b"/large", client.webhook(16_384)))
    await client.answer()


async def compressed(client):
    await client.send(
        post(b"/gzip", gzip.compress(client.webhook(2_000), 1, mtime=0), b"Content-Encoding: gzip\r\n")
    )
    await client.answer()


async def chunked(client):
    body = client.webhook(1_000)
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 300]), body[i : i + 300]) for i in range(0, len(body), 300))
    await client.send(
        b"POST /chunked HTTP/1.1\r\nHost: hooks.example\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + pieces + b"0\r\n\r\n"
    )
    await client.answer()


async def pipelined(client):
    """PIPELINE requests at once; the caller counts them as so many units."""
    _, writer = await client.connection()
    client.counts.requests += PIPELINE
    writer.write(b"".join(post(b"/pipelined", client.webhook(200)) for _ in range(PIPELINE)))
    await writer.drain()
    for _ in range(PIPELINE):
        await client.answer()


async def short(client):
    client.close()
    await client.send(post(b"/short", client.webhook(), b"Connection: close\r\n"))
    await client.answer()
    client.close()


async def aborted(client):
    """Half of a request, and a reset."""
    client.close()
    request = post(b"/aborted", client.webhook(3_000))
    await client.send(request[: len(request) // 2])
    # A reset overtakes nothing on the loopback, but the server should have read the half.
    await asyncio.sleep(0.005)
    client.close(reset=True)
    client.counts.aborted += 1


async def events(client):
    await client.send(b"GET /events/%d HTTP/1.1\r\nHost: hooks.example\r\n\r\n" % client.number)
    await client.answer()


async def socket_messages(client):
    client.close()
    reader, writer = await client.connection()
    await client.send(
        b"GET /socket HTTP/1.1\r\nHost: hooks.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: %s\r\nSec-WebSocket-Version: 13\r\n\r\n" % base64.b64encode(os.urandom(16))
    )
    await reader.readuntil(b"\r\n\r\n")
    client.counts.responses += 1
    for _ in range(FRAMES_OF_A_SOCKET):
        writer.write(frame(1, client.webhook(300), os.urandom(4)))
        await writer.drain()
        await read_frame(reader)
        client.counts.frames += 2
        await asyncio.sleep(0.02)
    writer.write(frame(8, b"\x03\xe8", os.urandom(4)))
    await read_frame(reader)
    client.close()


# How many units one call makes, and whether lanes make calls one after the other as they can instead of at a rate.
KINDS = {
    "webhooks": (webhooks, 1),
    "16 KB bodies": (large, 1),
    "gzip": (compressed, 1),
    "chunked": (chunked, 1),
    "pipelined": (pipelined, PIPELINE),
    "short": (short, 1),
    "aborted": (aborted, 1),
    "event streams": (events, EVENTS_OF_A_STREAM),
    "websockets": (socket_messages, 2 * FRAMES_OF_A_SOCKET),
}


async def lane(client, kind, rate, until, lanes):
    """Makes units of one kind at `rate` a second among `lanes`, on an absolute schedule, until the clock says `until`."""
    make, units = KINDS[kind]
    interval = lanes * units / rate
    loop = asyncio.get_running_loop()
    due = loop.time() + interval * client.random.random()
    while due < until:
        delay = due - loop.time()
        if delay > 0:
            await asyncio.sleep(delay)
        try:
            await asyncio.wait_for(make(client), 20)
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            client.counts.failed += 1
            client.close()
        # Late by much: the machine is not up to the rate, and a burst would only make it worse.
        due = max(due + interval, loop.time() - 1)


async def watch_endless(port, counts):
    """One stream of events that lasts as long as the run."""
    client = Client(port, 1 << 20, counts)
    await client.send(b"GET /events/endless HTTP/1.1\r\nHost: hooks.example\r\n\r\n")
    reader, _ = client.streams
    try:
        while await reader.read(65_536):
            pass
    except asyncio.CancelledError:
        client.close()
        counts.responses += 1
        raise
