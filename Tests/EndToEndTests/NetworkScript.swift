import Foundation
import Testing

/// A shell script in a network namespace of its own, so that nothing it makes is seen outside of it.
///
/// `$TAPEDECK` is the program under test and `$FAR` the process whose namespace is the other end of the link `a0`–`a1`,
/// with the addresses 10.99.0.1 and 10.99.0.2.
struct NetworkScript {
    /// Whether the system lets a test have a namespace with such a device.
    static func permits(_ device: String) -> Bool {
        guard Privileges.mayCapture else { return false }
        let probe = try? Program(
            "/usr/bin/unshare",
            ["--net", "/bin/sh", "-c", "ip link add a0 type veth peer name a1 && ip link add t0 \(device)"]
        )
        return probe?.finish(within: 20).status == 0
    }

    /// Waits of the script are bounded: each loop gives up after some seconds.
    private static let preamble = """
        set -eu
        ip link set lo up
        unshare --net sleep 60 >/dev/null 2>&1 & FAR=$!
        trap 'kill -KILL $FAR 2>/dev/null || true' EXIT
        near=$(readlink /proc/self/ns/net)
        for _ in $(seq 200); do [ "$(readlink /proc/$FAR/ns/net)" != "$near" ] && break; sleep 0.02; done
        far() { nsenter -t $FAR -n "$@"; }
        ip link add a0 type veth peer name a1
        ip link set a1 netns $FAR
        ip addr add 10.99.0.1/24 dev a0; ip link set a0 up
        far ip link set lo up; far ip addr add 10.99.0.2/24 dev a1; far ip link set a1 up
        awaits() { for _ in $(seq 250); do grep -q "$1" "$2" && return 0; sleep 0.04; done; cat "$2" >&2; return 1; }
        request() { curl -s -m 5 -o /dev/null "http://$1/healthz?n=$2"; }

        """

    let run: Run

    init(_ script: String, _ arguments: [String], within seconds: Double = 60) throws {
        run = try Program(
            "/usr/bin/unshare",
            ["--net", "/bin/bash", "-c", Self.preamble + script, "script"] + arguments,
            environment: ["TAPEDECK": Program.tapedeck]
        ).finish(within: seconds)
    }
}
