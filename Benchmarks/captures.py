#!/usr/bin/env python3
"""Writes a pcap of one of the shapes that recording is measured with; the same arguments give the same bytes.

  webhooks      60,000 deliveries of 400 bytes of JSON on 40 connections
  json          3,000 deliveries of 16 KB of JSON on 40 connections
  uploads       60 uploads of 1 MB on 4 connections
  connections   10,000 connections that are open together, with 5 deliveries of 400 bytes each

It prints the number of exchanges and of bytes of payload.
"""

import argparse
import random
import struct
import sys

import webhooks

SEGMENT = 1_448
JSON_BYTES = 16_384
UPLOAD_BYTES = 1_000_000


def deliveries(source, number):
    return webhooks.request(source, number)


def documents(source, number):
    """A list of events of the small kind, as batches are sent."""
    items = []
    length = 0
    while length < JSON_BYTES:
        item = webhooks.body(source, 100 * number + len(items))
        items.append(item)
        length += len(item) + 1
    return post("application/json", b'{"events":[' + b",".join(items) + b"]}")


def uploads(source, number):
    return post("application/octet-stream", source.randbytes(UPLOAD_BYTES))


def post(content_type, body):
    head = "POST /v1/batches HTTP/1.1\r\nHost: hooks.example.com\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
    return (head % (content_type, len(body))).encode() + body


SHAPES = {
    "webhooks": (deliveries, 60_000, 40),
    "json": (documents, 3_000, 40),
    "uploads": (uploads, 60, 4),
    "connections": (deliveries, 50_000, 10_000),
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--payload", default="/dev/null", help="a file for the bytes of the streams alone")
    parser.add_argument("output")
    options = parser.parse_args()
    make, exchanges, count = SHAPES[options.shape]
    source = random.Random(options.seed)
    payload = 0
    clock = 1_767_225_600 * 10**9
    with open(options.output, "wb", buffering=1 << 20) as file, open(options.payload, "wb") as streams:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1))

        def write(packet, later=10_000):
            nonlocal clock
            clock += later
            file.write(struct.pack("<IIII", *divmod(clock, 10**9), len(packet), len(packet)) + packet)

        def send(connection, from_client, message):
            for start in range(0, len(message), SEGMENT):
                write(connection.packet(from_client, 0x18, message[start : start + SEGMENT]))
                if start // SEGMENT % 2 == 1:
                    write(connection.packet(not from_client, 0x10))
            write(connection.packet(not from_client, 0x10))

        connections = [webhooks.Connection(index) for index in range(count)]
        for connection in connections:
            write(connection.packet(True, 0x02))
            write(connection.packet(False, 0x12))
            write(connection.packet(True, 0x10))
        for number in range(exchanges):
            asked, answered = make(source, number), webhooks.response(number)
            payload += len(asked) + len(answered)
            streams.write(asked + answered)
            connection = connections[number % count]
            send(connection, True, asked)
            send(connection, False, answered)
        for connection in connections:
            write(connection.packet(True, 0x11))
            write(connection.packet(False, 0x11))
            write(connection.packet(True, 0x10))
    print(exchanges, payload)


if __name__ == "__main__":
    sys.exit(main())
