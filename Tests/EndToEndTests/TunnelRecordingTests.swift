import Foundation
import Testing

/// Recording what a real tunnel carries, on the interface below it.
@Suite(.serialized) struct TunnelRecordingTests {
    /// Requests through a tunnel between two namespaces, recorded on the link that carries it.
    ///
    /// - Parameters:
    ///   - device: What `ip link add` takes after the name, with NEAR and FAR for the two ends.
    ///   - option: What `--tunnel` is given.
    private func record(_ device: String, _ option: String) throws -> [String: Any] {
        let scratch = try Scratch()
        let near = device.replacing("NEAR", with: "10.99.0.1").replacing("FAR", with: "10.99.0.2")
        let far = device.replacing("NEAR", with: "10.99.0.2").replacing("FAR", with: "10.99.0.1")
        let script = """
            ip link add t0 \(near); ip addr add 10.98.0.1/24 dev t0; ip link set t0 up
            far ip link add t0 \(far); far ip addr add 10.98.0.2/24 dev t0; far ip link set t0 up
            nsenter -t $FAR -n "$TAPEDECK" target --listen 10.98.0.2:8080 >"$1/target" 2>&1 & target=$!
            "$TAPEDECK" record -i a0 -p 8080 --tunnel \(option) -w "$1/t.trace.gz" --count 5 --duration 20s --json \
                2>"$1/errors" & recorder=$!
            awaits "recording on a0" "$1/errors"
            for _ in $(seq 100); do request 10.98.0.2:8080 0 && break; sleep 0.05; done
            for n in 1 2 3 4; do request 10.98.0.2:8080 $n; done
            wait $recorder
            kill -KILL $target
            """
        let run = try NetworkScript(script, [scratch.url.path]).run
        #expect(run.status == 0, "\(run.errors)")
        return try run.json()
    }

    private func check(_ recorded: [String: Any]) {
        #expect(recorded["requests"] as? Int == 5)
        #expect(recorded["responses"] as? Int == 5)
    }

    @Test(
        .enabled(
            if: NetworkScript.permits("type vxlan id 7 dstport 4789 remote 10.0.0.2"),
            "takes a VXLAN device"
        )
    )
    func vxlan() throws {
        check(try record("type vxlan id 7 dstport 4789 local NEAR remote FAR", "vxlan"))
    }

    @Test(
        .enabled(
            if: NetworkScript.permits("type vxlan id 7 dstport 4789 remote 10.0.0.2"),
            "takes a VXLAN device"
        )
    )
    func vxlanOnAnotherPort() throws {
        check(try record("type vxlan id 7 dstport 9999 local NEAR remote FAR", "vxlan:9999"))
    }

    @Test(
        .enabled(
            if: NetworkScript.permits("type gretap remote 10.0.0.2 local 10.0.0.1"),
            "takes a GRE device"
        )
    )
    func gre() throws {
        check(try record("type gretap local NEAR remote FAR key 9", "gre"))
    }

    @Test(.enabled(if: NetworkScript.permits("type geneve id 7 remote 10.0.0.2"), "takes a Geneve device"))
    func geneve() throws {
        check(try record("type geneve id 7 remote FAR", "geneve:6081"))
    }

    /// On all interfaces every packet shows twice, inside of the tunnel and as the tunnel's own.
    @Test(
        .enabled(
            if: NetworkScript.permits("type vxlan id 7 dstport 4789 remote 10.0.0.2"),
            "takes a VXLAN device"
        )
    )
    func onAllInterfacesAPacketCountsOnce() throws {
        let scratch = try Scratch()
        let script = """
            ip link add t0 type vxlan id 7 dstport 4789 local 10.99.0.1 remote 10.99.0.2
            ip addr add 10.98.0.1/24 dev t0; ip link set t0 up
            far ip link add t0 type vxlan id 7 dstport 4789 local 10.99.0.2 remote 10.99.0.1
            far ip addr add 10.98.0.2/24 dev t0; far ip link set t0 up
            nsenter -t $FAR -n "$TAPEDECK" target --listen 10.98.0.2:8080 >"$1/target" 2>&1 & target=$!
            "$TAPEDECK" record -i any -p 8080 --tunnel vxlan -w "$1/t.trace.gz" --count 5 --duration 20s --json \
                2>"$1/errors" & recorder=$!
            awaits "recording on any" "$1/errors"
            for _ in $(seq 100); do request 10.98.0.2:8080 0 && break; sleep 0.05; done
            for n in 1 2 3 4; do request 10.98.0.2:8080 $n; done
            wait $recorder
            kill -KILL $target
            """
        let run = try NetworkScript(script, [scratch.url.path]).run
        #expect(run.status == 0, "\(run.errors)")
        let recorded = try run.json()
        check(recorded)
        let ledger = try #require(recorded["ledger"] as? [String: Any])
        let duplicates = try #require(ledger["packets.duplicate"] as? Int)
        #expect(duplicates > 20, "each of some five packets for five requests came twice")
    }
}
