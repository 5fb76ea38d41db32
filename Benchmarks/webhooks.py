#!/usr/bin/env python3
"""Writes a pcap of webhook deliveries: JSON bodies of 400 bytes, all different, on kept-alive connections.

The same arguments give the same bytes. Each exchange has four packets: request, acknowledgement, response,
acknowledgement. Names, addresses and numbers are made up; example.com, 192.0.2.0/24 and 555-01xx are reserved for that.
"""

import argparse
import json
import random
import struct
import sys

BODY = 400
WORDS = (
    "amber atlas birch bridge candle canyon cedar clover copper coral delta ember falcon fern flint forest garden "
    "glacier granite harbor hazel heron island ivory jasper juniper kettle lagoon lantern lemon linen maple marble "
    "meadow mercury mirror nectar needle nickel north ocean olive onyx orchard otter paper pebble pepper pine planet "
    "prairie quartz quill raven ribbon river saddle saffron sage salmon silver sparrow spruce stone summit thistle "
    "timber topaz tulip umber valley velvet violet walnut willow winter yarrow zephyr"
).split()
GIVEN = "Ada Alan Barbara Claude Donald Edsger Frances Grace Hedy Ivan John Katherine Leslie Margaret Niklaus Radia".split()
FAMILY = "Allen Backus Dijkstra Hamilton Hopper Johnson Knuth Lamarr Lamport Liskov Lovelace Perlman Shannon Turing".split()
EVENTS = ("order.created", "order.paid", "invoice.sent", "customer.updated", "refund.issued", "shipment.delivered")
PATHS = ("/hooks/orders", "/hooks/billing", "/hooks/crm", "/v1/events")
LONGEST_RESPONSE_WAIT = 0.002


def body(random, number):
    given, family = random.choice(GIVEN), random.choice(FAMILY)
    value = {
        "id": "evt_%020x" % random.getrandbits(80),
        "type": random.choice(EVENTS),
        "created": 1_767_225_600 + number,
        "customer": {
            "name": given + " " + family,
            "email": "%s.%s%d@example.com" % (given.lower(), family.lower(), random.randrange(10_000)),
            "phone": "+1 202 555 01%02d" % random.randrange(100),
        },
        "amount": random.randrange(100, 1_000_000),
        "currency": random.choice(("USD", "EUR", "GBP", "JPY")),
        "ip": "192.0.2.%d" % random.randrange(256),
        "livemode": random.random() < 0.9,
        "note": "",
    }
    missing = BODY - len(json.dumps(value, separators=(",", ":")))
    note = ""
    while len(note) < missing:
        note += random.choice(WORDS) + " "
    value["note"] = note[:missing]
    return json.dumps(value, separators=(",", ":")).encode()


def request(random, number):
    content = body(random, number)
    head = (
        "POST %s HTTP/1.1\r\nHost: hooks.example.com\r\nUser-Agent: Sender/2.1\r\n"
        "Content-Type: application/json\r\nX-Delivery: %032x\r\nContent-Length: %d\r\n\r\n"
    ) % (random.choice(PATHS), random.getrandbits(128), len(content))
    return head.encode() + content


def response(number):
    content = b'{"ok":true,"n":%d}' % (1_000_000 + number)
    return (
        b"HTTP/1.1 200 OK\r\nServer: stand-in\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(content)
    ) + content


class Connection:
    def __init__(self, index):
        self.client = bytes((10, 1, index >> 8, index & 255))
        self.server = bytes((10, 0, 0, 1))
        self.port = 20_000 + index
        self.next = {True: 1_000 + index, False: 9_000 + index}

    def packet(self, from_client, flags, payload=b""):
        ports = (self.port, 8080) if from_client else (8080, self.port)
        ends = (self.client, self.server) if from_client else (self.server, self.client)
        sequence = self.next[from_client]
        number = 0 if flags == 0x02 else self.next[not from_client]
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence, number, 0x50, flags, 65_535, 0, 0)
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(payload), 0, 0x4000, 64, 6, 0, *ends)
        taken = len(payload) + (1 if flags & 0x03 else 0)
        self.next[from_client] = (sequence + taken) & 0xFFFFFFFF
        return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + ip + tcp + payload


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exchanges", type=int, default=20_000)
    parser.add_argument("--connections", type=int, default=40)
    parser.add_argument("--rate", type=float, default=2_000, help="exchanges a second")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--payload", default="/dev/null", help="a file for the bytes of the streams alone")
    parser.add_argument("output", help="the pcap to write; the number of payload bytes goes to standard output")
    options = parser.parse_args()
    source = random.Random(options.seed)
    payload = 0
    with open(options.output, "wb", buffering=1 << 20) as file, open(options.payload, "wb") as streams:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262_144, 1))

        def write(seconds, packet):
            nanoseconds = 1_767_225_600 * 10**9 + int(seconds * 1e9)
            file.write(struct.pack("<IIII", *divmod(nanoseconds, 10**9), len(packet), len(packet)))
            file.write(packet)

        connections = [Connection(index) for index in range(options.connections)]
        for index, connection in enumerate(connections):
            start = index * 1e-5
            write(start, connection.packet(True, 0x02))
            write(start + 1e-6, connection.packet(False, 0x12))
            write(start + 2e-6, connection.packet(True, 0x10))
        # Spread a little around an even rhythm; an answer always comes before the connection's next request.
        step = 1 / options.rate
        wait = min(LONGEST_RESPONSE_WAIT, step / 4)
        for number in range(options.exchanges):
            connection = connections[number % len(connections)]
            start = 0.1 + (number + source.random() / 2) * step
            asked, answered = request(source, number), response(number)
            payload += len(asked) + len(answered)
            streams.write(asked + answered)
            write(start, connection.packet(True, 0x18, asked))
            write(start + wait / 4, connection.packet(False, 0x10))
            write(start + wait / 2, connection.packet(False, 0x18, answered))
            write(start + wait, connection.packet(True, 0x10))
        end = 0.2 + options.exchanges * step
        for index, connection in enumerate(connections):
            write(end + index * 1e-5, connection.packet(True, 0x11))
            write(end + index * 1e-5 + 1e-6, connection.packet(False, 0x11))
            write(end + index * 1e-5 + 2e-6, connection.packet(True, 0x10))
    print(payload)


if __name__ == "__main__":
    sys.exit(main())
