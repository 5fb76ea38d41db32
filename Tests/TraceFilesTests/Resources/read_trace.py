#!/usr/bin/env python3
"""read_trace.py FILE: the records of a trace, one JSON object a line, read as Documentation/trace-format.md says.

The first line is the header, the last the index (or null for an unfinished file). Byte strings are hexadecimal.
"""
import json
import struct
import sys
import zlib

FIXED = bytes([0x1F, 0x8B, 8, 6, 0, 0, 0, 0, 0, 0xFF])
NONE = 2**64 - 1
NO_TIMES = (2**63 - 1, -(2**63))


class Damaged(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Damaged(what)


class Fields:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        need(self.at + count <= len(self.data), "cut")
        self.at += count
        return self.data[self.at - count : self.at]

    def get(self, code):
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def counts(self):
        entries = []
        for _ in range(self.get("I")):
            name = self.take(self.get("B")).decode("ascii")
            entries.append([name, self.get("Q")])
        return entries


def members(data):
    at, sequence, tag = 0, 0, None
    while at < len(data):
        need(data[at : at + 10] == FIXED, "fixed bytes")
        (extra,) = struct.unpack_from("<H", data, at + 10)
        end = at + 12 + extra
        (fhcrc,) = struct.unpack_from("<H", data, end)
        need(fhcrc == zlib.crc32(data[at:end]) & 0xFFFF, "FHCRC")
        need(extra >= 60 and data[at + 12 : at + 14] == b"TD", "extra field")
        kind, size, crc, raw_size, count, number, earliest, latest, index_at, its_tag = struct.unpack_from(
            "<BxxxIIIIIqqQQ", data, at + 16
        )
        need(number == sequence, "sequence")
        need(tag is None or its_tag == tag, "tag")
        sequence, tag = sequence + 1, its_tag
        packed = data[end + 2 : end + 2 + size]
        need(len(packed) == size and zlib.crc32(packed) == crc, "CRC of the deflate stream")
        inflater = zlib.decompressobj(-15)
        raw = inflater.decompress(packed) + inflater.flush()
        need(inflater.eof and not inflater.unused_data, "deflate")
        trailer = struct.unpack_from("<II", data, end + 2 + size)
        need(trailer == (zlib.crc32(raw), len(raw)) and len(raw) == raw_size, "trailer")
        yield at, kind, raw, count, (earliest, latest), index_at, its_tag
        at = end + 2 + size + 8


def head_fields(fields):
    encoding, framing, state, scheme = (fields.get("B") for _ in range(4))
    size, length, has_reference = fields.get("I"), fields.get("Q"), fields.get("Q") & 1
    name = fields.take(scheme).decode()
    head = {"encoding": encoding, "framing": framing, "length": length, "head": fields.take(size).hex()}
    head["signature"] = [name, state] if name else None
    head["of"] = None
    if has_reference:
        trace = fields.take(16).hex()
        head["of"] = [trace, fields.get("Q"), fields.get("I"), fields.get("I")]
    return head


def end_fields(fields):
    end = {"wire_length": fields.get("Q"), "flags": fields.get("I")}
    end["trailers"] = fields.take(fields.get("I")).hex()
    return end


def address(data, version):
    return (data[:4] if version == 4 else data).hex()


def record(data):
    fields = Fields(data)
    kind, direction, _, connection, exchange, time = (fields.get(code) for code in "BBHQQq")
    out = {"type": kind, "direction": direction, "connection": connection, "exchange": exchange, "time": time}
    times = [time]
    if kind == 1:
        out["source"], flags, client, server = fields.get("H"), fields.get("B"), fields.get("B"), fields.get("B")
        fields.get("B")
        out["handshake"] = bool(flags & 1)
        out["ports"] = [fields.get("H"), fields.get("H")]
        out["addresses"] = [address(fields.take(16), client), address(fields.take(16), server)]
    elif kind == 2:
        out["reason"] = fields.get("B")
    elif kind in (3, 4):
        need(direction == kind - 3, "direction")
        out.update(head_fields(fields))
    elif kind == 5:
        out["body"] = fields.take(fields.get("I")).hex()
    elif kind == 6:
        out["event"], out["opcode"] = fields.get("B"), fields.get("B")
        fields.get("H")
        out["body"] = fields.take(fields.get("I")).hex()
        if fields.at < len(data):
            out["first"], out["frames"] = fields.get("q"), fields.get("I")
            out["flags"], out["wire_length"] = fields.get("I"), fields.get("Q")
    elif kind == 7:
        out.update(end_fields(fields))
    elif kind == 8:
        out["end"] = fields.get("q")
        times.append(out["end"])
        out.update(head_fields(fields))
        out["body"] = fields.take(fields.get("I")).hex()
        out.update(end_fields(fields))
    elif kind == 9:
        out["counts"] = fields.counts()
        times = []
    else:
        need(kind & 0x80, "a type of record that must be known")
        return None, []
    return out, times


def records(raw, count, stated_times):
    fields, seen, times = Fields(raw), 0, []
    while fields.at < len(raw):
        out, its_times = record(fields.take(fields.get("I")))
        seen += 1
        times += its_times
        if out:
            yield out
    need(seen == count, "record count")
    need(stated_times == ((min(times), max(times)) if times else NO_TIMES), "times")


def index(raw):
    fields = Fields(raw)
    totals = Fields(fields.take(fields.get("I")))
    names = "requests responses connections records raw_bytes".split()
    out = {name: totals.get("Q") for name in names}
    out["first"], out["last"], out["block_count"] = totals.get("q"), totals.get("q"), totals.get("Q")
    out["ledger"], out["anonymized"] = fields.counts(), fields.counts()
    count, size = fields.get("I"), fields.get("I")
    out["blocks"] = []
    for _ in range(count):
        out["blocks"].append(list(struct.unpack_from("<QIIIIqq", fields.take(size))))
    return out


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    show = lambda value: print(json.dumps(value, separators=(",", ":")))
    place, found, finished = None, None, False
    for at, kind, raw, count, times, index_at, tag in members(data):
        need(not finished, "something follows the end")
        if kind == 1:
            header = json.loads(raw)
            need(header["format"] == 1 and not header["requires"], "format")
            need(int(header["trace_id"].replace("-", "")[:16], 16) == tag, "tag")
            show(header)
        elif kind == 2:
            for out in records(raw, count, times):
                show(out)
        elif kind == 3:
            place, found = at, index(raw)
        elif kind == 4:
            need(index_at == place and raw == b"", "end")
            finished = True
        else:
            need(kind & 0x80, "a kind of block that must be known")
    show(found if finished else None)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except Damaged as error:
        sys.exit(f"damaged: {error}")
