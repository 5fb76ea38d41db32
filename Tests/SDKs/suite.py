"""Records signed requests, replays them, and lets the providers' own libraries judge.

usage: suite.py BINARY FOLDER

Every sender of `senders.py` signs requests with a production secret. `tapedeck record` reads them from a capture file,
checks their signatures and anonymizes them; `tapedeck replay` signs them with a staging secret and sends them to a
server here, where the sender's library decides. It must accept what was right, refuse what was wrong, and refuse
everything that another secret signed.
"""

import collections
import http.server
import json
import os
import struct
import subprocess
import sys
import threading
import time

import senders

SCHEME = """
schemes:
  - name: acme
    description: time, method, path, id and body, as no provider signs
    algorithm: hmac-sha512
    signed: "{timestamp}|{method}|{target}|{id}|{body}"
    encoding: base64url
    signature: header:Acme-Signature
    value: "ts={timestamp},sig={signature}"
    separator: ","
    unit: ms
    tolerance: 5m
    ids: [header:Acme-Delivery]
"""


def main(binary, folder):
    sent = requests()
    capture = os.path.join(folder, "sent.pcap")
    write_capture(capture, [request for _, _, request in sent])
    trace = os.path.join(folder, "sent.trace.gz")
    run(binary, "record", "-r", capture, "-w", trace, "--quiet", "--verify", secrets(folder, "production", 1))
    recorded = [row for row in cat(binary, trace) if row["type"] == "request"]
    check_recorded(sent, recorded)

    server, judged = serve("staging")
    target = "http://127.0.0.1:%d" % server.server_port
    staging = secrets(folder, "staging", 0)
    began = time.time()
    run(binary, "replay", trace, "--target", target, "--max", "--quiet", "--sign", staging)
    check_judged(sent, judged, lambda right: right)
    check_renewed(recorded, judged)
    first = {number: request for number, (_, _, request) in judged.items()}

    judged.clear()
    run(binary, "replay", trace, "--target", target, "--max", "--quiet", "--sign", secrets(folder, "wrong", 0))
    check_judged(sent, judged, lambda right: False)
    for number, (_, _, request) in judged.items():
        for name in sender_of(sent, number).ids:
            expect(request.headers[name] != first[number].headers[name], "%s is new in each replay" % name)
    server.shutdown()
    report(time.time() - began)


def requests():
    """Two right requests of every sender, one of them sent twice, and one whose body was changed on the way."""
    sent = []
    now = int(time.time())
    for sender in senders.ALL:
        secret, _ = sender.secrets("production")
        for number in range(3):
            body = sender.body(number)
            target = sender.path(body)
            body, target, fields = sender.sign(target, body, secret, now)
            is_right = number < 2
            if not is_right:
                body, fields = spoil(sender, body, fields)
            head = "%s %s HTTP/1.1\r\nHost: hooks.example\r\nContent-Type: %s\r\n" % (sender.method, target, sender.content_type)
            head += "".join("%s: %s\r\n" % field for field in fields) + "Content-Length: %d\r\n\r\n" % len(body)
            request = head.encode() + body
            for _ in range(2 if number == 1 else 1):
                sent.append((sender, is_right, request))
    return sent


def spoil(sender, body, fields):
    """A request that its receiver refuses: the last character of its signature is another one."""

    def other(text):
        end = len(text) - 1
        while text[end] == "=":
            end -= 1
        # The last digit of base64 before padding has bits that say nothing; the one before it has none.
        end -= 3
        return text[:end] + ("B" if text[end] == "A" else "A") + text[end + 1:]

    if sender.scheme in ("mailgun", "adyen"):
        stamp = json.loads(body)
        place = stamp["signature"] if sender.scheme == "mailgun" else (
            stamp["notificationItems"][0]["NotificationRequestItem"]["additionalData"])
        name = "signature" if sender.scheme == "mailgun" else "hmacSignature"
        place[name] = place[name][:10] + ("0" if place[name][10] != "0" else "1") + place[name][11:]
        return json.dumps(stamp).encode(), fields
    fields = list(fields)
    for index, (name, value) in enumerate(fields):
        if "signature" in name.lower() or name in ("Authorization", "X-Gitlab-Token", "X-Shopify-Hmac-Sha256") or "hmac" in name.lower():
            if "timestamp" not in name.lower():
                fields[index] = (name, other(value))
    return body, fields


def secrets(folder, seed, half):
    """A file that names where the secrets are; `half` is which one of a key pair."""
    lines = [SCHEME, "secrets:"]
    done = set()
    for sender in senders.ALL:
        if sender.scheme in done:
            continue
        done.add(sender.scheme)
        path = os.path.join(folder, "%s-%s-%d" % (sender.scheme, seed, half))
        with open(path, "w") as file:
            file.write(sender.secrets(seed)[half] + "\n")
        lines += ["  - scheme: %s" % sender.scheme, "    secret: file:%s" % path]
        lines.append("    when: path=%s" % sender.path(b"").split("?")[0])
    path = os.path.join(folder, seed + ".yaml")
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")
    return path


def write_capture(path, requests):
    """A capture of raw IPv4 packets in nanoseconds, each request on a connection of its own."""
    packets = []
    client, server = bytes([10, 9, 8, 7]), bytes([10, 0, 0, 80])
    start = time.time_ns()

    def packet(port, to_server, sequence, acknowledged, flags, data, moment):
        source, destination = (client, server) if to_server else (server, client)
        ports = (port, 80) if to_server else (80, port)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(data), 0, 0x4000, 64, 6, 0) + source + destination
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0)
        packets.append((moment, ip + tcp + data))

    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    for number, request in enumerate(requests):
        port, moment = 20000 + number, start + number * 1_000_000
        packet(port, True, 1000, 0, 0x02, b"", moment)
        packet(port, False, 5000, 1001, 0x12, b"", moment + 1_000)
        place = 1001
        for begin in range(0, len(request), 1400):
            piece = request[begin:begin + 1400]
            packet(port, True, place, 5001, 0x18, piece, moment + 2_000)
            place += len(piece)
        packet(port, False, 5001, place, 0x18, answer, moment + 3_000)
        packet(port, True, place, 5001 + len(answer), 0x11, b"", moment + 4_000)
        packet(port, False, 5001 + len(answer), place + 1, 0x11, b"", moment + 5_000)
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 101))
        for moment, data in packets:
            file.write(struct.pack("<IIII", moment // 10**9, moment % 10**9, len(data), len(data)) + data)


def run(binary, *arguments):
    done = subprocess.run([binary, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit("tapedeck %s: %d\n%s%s" % (" ".join(arguments), done.returncode, done.stdout, done.stderr))
    return done.stdout


def cat(binary, trace):
    return [json.loads(line) for line in run(binary, "cat", trace, "--json").splitlines()]


def serve(seed):
    """A server on which the library of each sender judges; what it says is kept by the number of the exchange."""
    judged = {}
    by_path = {sender.path(b"").split("?")[0]: sender for sender in senders.ALL}
    by_form = {(sender.path(b"").split("?")[0], sender.content_type): sender for sender in senders.ALL}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            request = senders.Request(self.command, self.path, self.headers.items(), body)
            path = self.path.split("?")[0]
            sender = by_form.get((path, self.headers["content-type"])) or by_path[path]
            try:
                accepts, why = bool(sender.accepts(request, sender.secrets(seed)[1])), ""
            except Exception as error:
                accepts, why = False, "%s: %s" % (type(error).__name__, error)
            judged[int(self.headers["x-tapedeck-replay"].split("/")[1])] = (accepts, why, request)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        # All requests may come at once, each on a connection of its own.
        request_queue_size = 512

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, judged


failures = []
counts = collections.Counter()


def expect(holds, what):
    counts["checks"] += 1
    if not holds:
        failures.append(what)


def sender_of(sent, number):
    return sent[number][0]


def check_recorded(sent, recorded):
    expect(len(recorded) == len(sent), "%d of %d requests are recorded" % (len(recorded), len(sent)))
    for (sender, is_right, request), row in zip(sent, recorded):
        wanted = {"scheme": sender.scheme, "state": "valid" if is_right else "invalid"}
        seen = {key: (row["signature"] or {}).get(key) for key in wanted}
        expect(seen == wanted, "recorded as %s: %s, wanted %s" % (sender.library, seen, wanted))
        body = row["body"]
        expect("ada.lovelace" not in body and "grace.hopper" not in body, "%s: the body is not anonymized" % sender.scheme)
        expect("%s" % sender.secrets("production")[0] not in json.dumps(row), "%s: a secret is in the trace" % sender.scheme)


def check_judged(sent, judged, wanted):
    expect(len(judged) == len(sent), "%d of %d requests arrived" % (len(judged), len(sent)))
    for number, (sender, is_right, _) in enumerate(sent):
        accepts, why, request = judged.get(number, (None, "never sent", None))
        said = "%s (%s) %s exchange %d, which %s %s" % (
            sender.scheme, sender.library, "accepts" if accepts else "refuses", number,
            "is right" if wanted(is_right) else "is wrong", why)
        expect(accepts == wanted(is_right), said)
        counts["accepted" if accepts else "refused"] += 1


def check_renewed(recorded, judged):
    """Identifiers are new, and equal where they were: every second right request was sent twice."""
    for number, row in enumerate(recorded):
        old = {name.lower(): value for name, value in row["headers"]}
        _, _, request = judged.get(number, (None, None, None))
        if request is None:
            continue
        for name in [n for s in senders.ALL if s.scheme == row["signature"]["scheme"] for n in s.ids]:
            expect(request.headers[name] != old[name], "%s is as recorded" % name)
            for other, (_, _, another) in judged.items():
                theirs = {n.lower(): v for n, v in recorded[other]["headers"]}.get(name)
                if theirs is not None and recorded[other]["signature"] == row["signature"]:
                    expect((theirs == old[name]) == (another.headers[name] == request.headers[name]), "%s joins" % name)


def report(seconds):
    libraries = sorted({sender.library for sender in senders.ALL if sender.library not in ("documentation", "described in YAML")})
    print("libraries: " + ", ".join(libraries))
    print("schemes: " + ", ".join(sorted({sender.scheme for sender in senders.ALL})))
    print("%d accepted, %d refused, %d checks, %.1f s" % (counts["accepted"], counts["refused"], counts["checks"], seconds))
    if failures:
        sys.exit("%d checks failed:\n  " % len(failures) + "\n  ".join(failures[:60]))


main(*sys.argv[1:])
