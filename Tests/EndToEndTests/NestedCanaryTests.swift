import Bytes
import Compression
import Foundation
import NestedValues
import Testing

/// Canaries in every place and spelling of traffic, recorded by the program itself.
@Suite struct NestedCanaryTests {
    private struct Planted {
        var nesting: Nesting
        var value: PlantedValue
        var message: NestedMessage
    }

    /// At least 100, every place with two of its codings.
    private static func planted() -> [Planted] {
        var generator = SystemRandomNumberGenerator()
        let codings = ["", "gzip", "br", "zstd", "deflate", "gzip, br"]
        var planted: [Planted] = []
        for nesting in Nesting.all {
            for (index, kind) in PlantedValue.Kind.allCases.filter({ nesting.holds($0) }).prefix(2)
                .enumerated()
            {
                let value = PlantedValue.random(kind, &generator)
                let coding = codings[(planted.count + index) % codings.count]
                planted.append(
                    Planted(nesting: nesting, value: value, message: nesting.message(value, codings: coding))
                )
            }
        }
        return planted
    }

    private static func capture(_ planted: [Planted]) -> Data {
        var builder = CaptureBuilder()
        for (index, plant) in planted.enumerated() {
            let start = 1_700_000_000_000_000_000 + Int64(index) * 10_000_000
            var connection = builder.open(port: UInt16(20_000 + index), at: start)
            builder.send(&connection, fromClient: true, plant.message.wire, at: start + 1_000_000)
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 204 No Content\r\n\r\n",
                at: start + 2_000_000
            )
            builder.close(&connection, at: start + 3_000_000)
        }
        return builder.file()
    }

    /// The requests that the program lists.
    private static func requests(in trace: String) throws -> [NestedMessage] {
        try Program.run(["cat", trace, "--json"]).jsonLines().filter { $0["type"] as? String == "request" }
            .map { line in
                func fields(_ key: String) -> [(name: String, value: String)] {
                    (line[key] as? [[String]] ?? []).map { ($0[0], $0[1]) }
                }
                let body =
                    (line["body_base64"] as? String).flatMap { Data(base64Encoded: $0) }
                    ?? Data((line["body"] as? String ?? "").utf8)
                return NestedMessage(
                    target: line["target"] as? String ?? "",
                    fields: fields("headers"),
                    body: [UInt8](body),
                    trailers: fields("trailers").map { "\($0.name): \($0.value)\r\n" }.joined()
                )
            }
    }

    @Test func noneIsInTheTraceAndAnAuditFindsWhatWasLeftIn() throws {
        let planted = Self.planted()
        #expect(planted.count >= 100)
        let scratch = try Scratch()
        let input = scratch.path("in.pcap")
        try Self.capture(planted).write(to: URL(fileURLWithPath: input))
        let (closed, open) = (scratch.path("a.trace.gz"), scratch.path("b.trace.gz"))
        let recorded = try Program.run(["record", "-r", input, "-w", closed, "--json"])
        #expect(recorded.status == 0, "\(recorded.errors)")
        #expect(!recorded.text.contains("body-"), "replaced whole: \(recorded.text)")
        #expect(try Program.run(["record", "-r", input, "-w", open, "--no-anonymize"]).status == 0)

        let raw = try Data(contentsOf: URL(fileURLWithPath: closed))
        let inflated = try Program("/bin/sh", ["-c", "gzip -dc < '\(closed)'"]).finish().output
        let requests = try Self.requests(in: closed)
        let left = try Self.requests(in: open)
        try #require(requests.count == planted.count && left.count == planted.count)
        for (index, plant) in planted.enumerated() {
            let canary = plant.value.text
            // The search itself must be able to find.
            #expect(plant.nesting.value(in: left[index]) == canary, "\(plant.nesting)")
            let read = plant.nesting.value(in: requests[index])
            #expect(read != nil && read != canary, "\(plant.nesting): \(read ?? "nothing")")
            #expect(raw.range(of: Data(canary.utf8)) == nil && inflated.range(of: Data(canary.utf8)) == nil)
        }
        let clean = try Program.run(["audit", closed, "--json"])
        #expect(clean.status == 0, "\(clean.text)")
        let found = try Program.run(["audit", open])
        #expect(found.status == 1)
        let count = found.text.split(separator: " ").first.flatMap { Int($0.filter(\.isNumber)) } ?? 0
        #expect(count >= planted.count, "\(found.text)")
        for plant in planted { #expect(!found.text.contains(plant.value.text), "the value is never shown") }
    }
}
