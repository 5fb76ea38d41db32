#!/usr/bin/env python3
"""Writes a pcap of deliveries with bodies that do not deflate, and of uploads that go on for ten minutes between them.

The same arguments give the same packets, but for the bodies' bytes. Deliveries come at 100 a second on 40 connections;
uploads begin one after the other, evenly over the time, each on a connection of its own, a piece every second.
"""

import argparse
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from webhooks import Connection  # noqa: E402

RATE = 100
SEGMENT = 32_000
EPOCH = 1_767_225_600 * 10**9


def head(path, length):
    return (
        "POST %s HTTP/1.1\r\nHost: files.example.com\r\nUser-Agent: Sender/2.1\r\n"
        "Content-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % (path, length)
    ).encode()


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=1_000, help="of bodies in all")
    parser.add_argument("--body", type=int, default=12_000, help="bytes of a delivery")
    parser.add_argument("--uploads", type=int, default=4)
    parser.add_argument("--upload-megabytes", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=10, help="how long an upload goes on")
    parser.add_argument("output")
    options = parser.parse_args()
    deliveries = max(1, (options.megabytes - options.uploads * options.upload_megabytes) * 10**6 // options.body)
    span = max(deliveries / RATE, options.minutes * 60 * 1.2)
    noise = os.urandom(1 << 24)

    def body(number, count):
        start = number * 7_919 % (len(noise) - count)
        return noise[start:start + count]

    events = []
    for number in range(deliveries):
        events.append((0.5 + number * span / deliveries, 0, number))
    steps = int(options.minutes * 60)
    for upload in range(options.uploads):
        begin = 0.7 + upload * max(0.0, span - options.minutes * 60 - 2) / max(1, options.uploads - 1)
        for step in range(steps):
            events.append((begin + step, 1 + upload, step))
    events.sort()
    with open(options.output, "wb", buffering=1 << 20) as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1))

        def write(seconds, packet):
            file.write(struct.pack("<IIII", *divmod(EPOCH + int(seconds * 1e9), 10**9), len(packet), len(packet)))
            file.write(packet)

        connections = [Connection(index) for index in range(40 + options.uploads)]
        for index, connection in enumerate(connections):
            write(index * 1e-5, connection.packet(True, 0x02))
            write(index * 1e-5 + 1e-6, connection.packet(False, 0x12))
            write(index * 1e-5 + 2e-6, connection.packet(True, 0x10))
        total = options.upload_megabytes * 10**6
        for time, kind, number in events:
            if kind == 0:
                connection = connections[number % 40]
                content = head("/deliveries/%d" % number, options.body) + body(number, options.body)
                last = True
            else:
                connection = connections[40 + kind - 1]
                begin, end = total * number // steps, total * (number + 1) // steps
                content = head("/uploads/%d" % kind, total) if number == 0 else b""
                content += body(kind * 1_000 + number, end - begin)
                last = number == steps - 1
            for start in range(0, len(content), SEGMENT):
                write(time + start * 1e-9, connection.packet(True, 0x18, content[start:start + SEGMENT]))
            write(time + 1e-3, connection.packet(False, 0x10))
            if last:
                write(time + 2e-3, connection.packet(False, 0x18, ANSWER))
                write(time + 3e-3, connection.packet(True, 0x10))
    print(deliveries + options.uploads)


if __name__ == "__main__":
    main()
