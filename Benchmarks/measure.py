#!/usr/bin/env python3
"""Measures commands: medians of several runs, so that a busy machine disturbs less.

  measure.py run N COMMAND...       CPU seconds, wall seconds and the largest resident KiB of the command
  measure.py deflate N TRACE        CPU seconds of zlib at level 1 over what is in the trace
  measure.py timer RATE SECONDS     how late a bare loop of absolute sleeps wakes: p50 and p99 in microseconds
  measure.py value KEY[.KEY]...     values of the JSON object on standard input
"""

import gzip
import json
import os
import statistics
import sys
import time
import zlib


def run(count, command):
    results = []
    for _ in range(count):
        begin = time.monotonic()
        child = os.posix_spawnp(
            command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)]
        )
        _, status, usage = os.wait4(child, 0)
        if status != 0:
            sys.exit("measure: exit status %d of: %s" % (os.waitstatus_to_exitcode(status), " ".join(command)))
        results.append((usage.ru_utime + usage.ru_stime, time.monotonic() - begin, usage.ru_maxrss))
    print("%.6f %.6f %d" % tuple(statistics.median(column) for column in zip(*results)))


def deflate(count, trace):
    with gzip.open(trace) as file:
        content = file.read()
    results = []
    for _ in range(count):
        begin = time.process_time()
        zlib.compress(content, 1)
        results.append(time.process_time() - begin)
    print("%.6f" % statistics.median(results))


def timer(rate, seconds):
    start = time.monotonic()
    late = []
    for number in range(int(rate * seconds)):
        due = start + number / rate
        left = due - time.monotonic()
        if left > 0:
            time.sleep(left)
        late.append((time.monotonic() - due) * 1e6)
    late.sort()
    print("%.0f %.0f" % (late[len(late) // 2], late[len(late) * 99 // 100]))


def values(keys):
    root = json.load(sys.stdin)
    found = []
    for key in keys:
        value = root
        for part in key.split("."):
            value = value[part]
        found.append(str(value))
    print(" ".join(found))


if __name__ == "__main__":
    {
        "run": lambda: run(int(sys.argv[2]), sys.argv[3:]),
        "deflate": lambda: deflate(int(sys.argv[2]), sys.argv[3]),
        "timer": lambda: timer(float(sys.argv[2]), float(sys.argv[3])),
        "value": lambda: values(sys.argv[2:]),
    }[sys.argv[1]]()
