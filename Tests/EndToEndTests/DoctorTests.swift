import Foundation
import Testing

/// `tapedeck doctor` on real interfaces.
@Suite(.serialized) struct DoctorTests {
    private static func codes(_ run: Run) throws -> [String] {
        let findings = try #require(try run.json()["findings"] as? [[String: Any]])
        return findings.compactMap { $0["code"] as? String }
    }

    @Test func helpHasAnExample() throws {
        let run = try Program.run(["doctor", "--help"])
        #expect(run.status == 0)
        #expect(run.text.contains("tapedeck doctor -i eth0 -p 8080"))
    }

    @Test func anInterfaceIsNeeded() throws {
        #expect(try Program.run(["doctor", "-p", "80"]).status == 2)
        #expect(try Program.run(["doctor", "-i", "lo", "-p", "0"]).status == 2)
        #expect(try Program.run(["doctor", "-i", "lo", "--duration", "0s"]).status == 2)
        #expect(try Program.run(["doctor", "-i", "lo", "--tunnel", "gre:5"]).status == 2)
    }

    @Test func anInterfaceThatIsNotThere() throws {
        let run = try Program.run(["doctor", "-i", "nosuch0", "-p", "80", "--json"])
        #expect(run.status == 1)
        #expect(try run.json()["schema"] as? String == "tapedeck.doctor/1")
        #expect(try Self.codes(run) == ["no_such_interface"])
    }

    @Test(.enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
    func trafficOfAServerIsFine() throws {
        let server = try NginxServer()
        let load = try SteadyLoad(port: server.port)
        defer { load.stop() }
        let run = try Program.run([
            "doctor", "-i", "lo", "-p", "\(server.port)", "--duration", "1500ms", "--json",
        ])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        let report = try run.json()
        #expect(report["fine"] as? Bool == true)
        let seen = try #require(report["seen"] as? [String: Any])
        #expect(try #require(seen["http"] as? Int) > 10)
        #expect(try #require(seen["to_server"] as? Int) > 10)
    }

    @Test(.enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
    func aPortOnWhichNothingHappens() throws {
        let run = try Program.run(["doctor", "-i", "lo", "-p", "1", "--duration", "500ms"])
        #expect(run.status == 1)
        #expect(run.text.contains("no traffic of port 1"), "\(run.text)")
        #expect(run.text.contains("Nobody listens on port 1"), "\(run.text)")
    }

    @Test(.enabled(if: NetworkScript.permits("type bridge"), "takes a namespace of its own"))
    func trafficOnAnotherInterface() throws {
        let scratch = try Scratch()
        let script = """
            ip link add b0 type bridge; ip link set b0 up
            "$TAPEDECK" target --listen 127.0.0.1:8080 >"$1/target" 2>&1 & target=$!
            "$TAPEDECK" doctor -i b0 -p 8080 --duration 3s --json >"$1/report" 2>"$1/errors" & doctor=$!
            awaits "listening on b0" "$1/errors"
            for n in $(seq 10); do request 127.0.0.1:8080 $n || true; sleep 0.1; done
            status=0; wait $doctor || status=$?
            kill -KILL $target; cat "$1/report"; exit $status
            """
        let run = try NetworkScript(script, [scratch.url.path]).run
        #expect(run.status == 1, "\(run.errors)")
        #expect(try Self.codes(run).first == "other_interface")
        #expect(run.text.contains("-i lo -p 8080"), "\(run.text)")
    }

    @Test(.enabled(if: NetworkScript.permits("type bridge"), "takes a namespace of its own"))
    func anInterfaceThatIsDown() throws {
        let run = try NetworkScript(
            #"ip link add b0 type bridge; "$TAPEDECK" doctor -i b0 -p 80 --json"#,
            []
        ).run
        #expect(run.status == 1, "\(run.errors)")
        #expect(try Self.codes(run) == ["interface_down"])
    }

    @Test(
        .enabled(
            if: NetworkScript.permits("type vxlan id 7 dstport 4789 remote 10.0.0.2"),
            "takes a VXLAN device"
        )
    )
    func trafficInsideATunnel() throws {
        let scratch = try Scratch()
        // Seen from the middle: only the tunnel's packets pass there.
        let script = """
            ip link add t0 type vxlan id 7 dstport 4789 local 10.99.0.1 remote 10.99.0.2
            far ip link add t0 type vxlan id 7 dstport 4789 local 10.99.0.2 remote 10.99.0.1
            unshare --net sleep 60 >/dev/null 2>&1 & END=$!
            trap 'kill -KILL $FAR $END 2>/dev/null || true' EXIT
            near=$(readlink /proc/self/ns/net)
            for _ in $(seq 200); do [ "$(readlink /proc/$END/ns/net)" != "$near" ] && break; sleep 0.02; done
            ip link set t0 netns $END
            nsenter -t $END -n ip addr add 10.98.0.1/24 dev t0; nsenter -t $END -n ip link set t0 up
            far ip addr add 10.98.0.2/24 dev t0; far ip link set t0 up
            nsenter -t $FAR -n "$TAPEDECK" target --listen 10.98.0.2:8080 >"$1/target" 2>&1 & target=$!
            "$TAPEDECK" doctor -i a0 -p 8080 --duration 3s --json >"$1/report" 2>"$1/errors" & doctor=$!
            awaits "listening on a0" "$1/errors"
            for n in $(seq 10); do
                nsenter -t $END -n curl -s -m 5 -o /dev/null "http://10.98.0.2:8080/healthz?n=$n" || true; sleep 0.1
            done
            status=0; wait $doctor || status=$?
            kill -KILL $target; cat "$1/report"; exit $status
            """
        let run = try NetworkScript(script, [scratch.url.path]).run
        #expect(run.status == 1, "\(run.errors)")
        #expect(try Self.codes(run).first == "tunnel", "\(run.text)")
        #expect(run.text.contains("--tunnel vxlan"))
    }
}
