import Foundation
import SeededRandom
import Testing

/// A disk that is full: what was written stays, and the sentence says where it is and what to do.
@Suite struct FullDiskTests {
    /// Much more than fits on the disk, and hardly to be compressed.
    private func capture() -> Data {
        var generator = SeededGenerator(seed: 7)
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000_000_000_000
        var connection = builder.open(port: 40_000, at: start)
        for number in 0..<1500 {
            let time = start + Int64(number) * 1_000_000
            let body = (0..<64).map { _ in String(generator.next(), radix: 36) }.joined()
            builder.send(
                &connection,
                fromClient: true,
                "POST /hook HTTP/1.1\r\nHost: hooks\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: time + 1000
            )
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 204 No Content\r\n\r\n",
                at: time + 2000
            )
        }
        builder.close(&connection, at: start + 2_000_000_000)
        return builder.file()
    }

    /// The disk is mounted in a namespace of its own, so that it goes with the process whatever happens.
    @Test(.enabled(if: Privileges.mayMount, "mounting a small disk is not permitted"))
    func whatWasWrittenIsKeptAndNamed() throws {
        let scratch = try Scratch()
        try capture().write(to: scratch.url.appending(path: "in.pcap"))
        let disk = scratch.url.appending(path: "disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: false)
        let script = """
            mount -t tmpfs -o size=512k tmpfs disk || exit 77
            "$TAPEDECK" record -r in.pcap -w disk/x.trace.gz --no-anonymize --quiet; echo "record $?" >&2
            "$TAPEDECK" inspect --json disk/x.trace.gz.partial; echo "inspect $?" >&2
            cp disk/x.trace.gz.partial y.trace.gz.partial
            test ! -e disk/x.trace.gz
            """
        let run = try Program(
            "/usr/bin/unshare",
            ["--mount", "/bin/sh", "-c", "cd '\(scratch.url.path)' && \(script)"],
            environment: ["TAPEDECK": Program.tapedeck]
        ).finish()
        #expect(run.status == 0, "no trace that claims to be whole: \(run.errors)")
        #expect(run.errors.contains("record 2"), "\(run.errors)")
        #expect(run.errors.contains("disk/x.trace.gz.partial: No space left on device"), "\(run.errors)")
        #expect(run.errors.contains("what was written is kept"))
        #expect(run.errors.contains("tapedeck repair"))
        #expect(run.errors.contains("inspect 3"), "\(run.errors)")
        let kept = try #require(try run.json()["requests"] as? Int)
        #expect(kept > 0 && kept < 1500)

        #expect(try Program.run(["repair", scratch.path("y.trace.gz.partial")]).status == 0)
        let repaired = try Program.run(["inspect", scratch.path("y.trace.gz"), "--json"])
        #expect(repaired.status == 0, "\(repaired.errors)")
        #expect(try repaired.json()["requests"] as? Int == kept)
    }

    /// Half of a file of edges would be a file of other edges.
    @Test(.enabled(if: Privileges.mayMount, "mounting a small disk is not permitted"))
    func nothingIsLeftOfAFileThatHasNoRoom() throws {
        let scratch = try Scratch()
        var builder = CaptureBuilder()
        var connection = builder.open(port: 40_000, at: 0)
        for number in 0..<64 as Range<Int64> {
            let id = "8f14e45fceea1\(100 + number)"
            for (step, line) in ["POST /start", "GET /things\(number)/\(id)"].enumerated() {
                let time = number * 1_000_000 + Int64(step) * 400_000
                let answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 16\r\n\r\n\(id)"
                builder.send(
                    &connection,
                    fromClient: true,
                    "\(line) HTTP/1.1\r\nHost: a\r\n\r\n",
                    at: time
                )
                builder.send(&connection, fromClient: false, answer, at: time + 200_000)
            }
        }
        try builder.file().write(to: scratch.url.appending(path: "in.pcap"))
        let disk = scratch.url.appending(path: "disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: false)
        let script = """
            mount -t tmpfs -o size=4k tmpfs disk || exit 77
            "$TAPEDECK" record -r in.pcap -w in.trace.gz --no-anonymize --quiet > record.txt
            "$TAPEDECK" learn in.trace.gz --quiet | wc -c
            "$TAPEDECK" learn in.trace.gz --quiet -w disk/edges.yaml; echo "learn $?" >&2
            ls disk
            """
        let run = try Program(
            "/usr/bin/unshare",
            ["--mount", "/bin/sh", "-c", "cd '\(scratch.url.path)' && \(script)"],
            environment: ["TAPEDECK": Program.tapedeck]
        ).finish()
        #expect(run.errors.contains("learn 2") && run.errors.contains("No space left"), "\(run.errors)")
        let size = Int(run.text.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect((size ?? 0) > 4_096, "it is more than fits, and the disk is empty: \(run.text)")
    }
}
