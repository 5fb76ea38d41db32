import Foundation
import Testing

/// A machine that has no port left for another connection: the replayer's own limit, and no failure of the target.
@Suite(.serialized, .enabled(if: Privileges.mayCapture, "a network namespace takes root"))
struct LocalPortsTests {
    @Test(arguments: ["wire", "curl"]) func wantOfPortsIsNamed(_ transport: String) throws {
        let scratch = try Scratch()
        let trace = scratch.path("in.trace.gz")
        try CaptureBuilder.steady(count: 300, seconds: 1, connections: 300).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        #expect(try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace]).status == 0)
        // A server that takes connections and answers none, and a hundred ports to connect to it from.
        let script = """
            ip link set lo up
            "$TAPEDECK" target --listen 127.0.0.1:8080 >target.out 2>&1 & server=$!
            trap 'kill -KILL $server' EXIT
            for _ in $(seq 200); do (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null && break; sleep 0.05; done
            kill -STOP $server
            echo 40000 40099 >/proc/sys/net/ipv4/ip_local_port_range
            "$TAPEDECK" replay in.trace.gz --target http://127.0.0.1:8080 --timeout 2s --json \
                --transport \(transport) --max-failures 1000
            """
        let run = try Program(
            "/usr/bin/unshare",
            ["--net", "/bin/bash", "-c", "cd '\(scratch.url.path)'; \(script)"],
            environment: ["TAPEDECK": Program.tapedeck]
        ).finish()
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let errors = try #require(report["errors"] as? [String: Int])
        #expect(errors["timeout"] == 100 && errors["connect"] == 200, "\(errors)")
        #expect(report["bottleneck"] as? String == "replayer")
        #expect((report["replayer"] as? [String: Any])?["ports_lacked"] as? Int == 200)
    }
}
