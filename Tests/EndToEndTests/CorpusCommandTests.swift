import Foundation
import Testing

/// The captures of the corpus through the program itself: `record --no-anonymize`, then `cat --json`.
///
/// What comes out must be what the oracles list, but for the streams in `Documentation/corpus-exceptions.md`.
@Suite(.enabled(if: CorpusOracle.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct CorpusCommandTests {
    enum Outcome {
        case same
        /// The oracle's messages and further ones, which are incomplete or on a stream with holes.
        case more
        case different
    }

    @Test(arguments: CorpusOracle.names)
    func recordAndCatGiveWhatTheOracleLists(_ name: String) throws {
        let oracle = try CorpusOracle(name)
        let scratch = try Scratch()
        let trace = scratch.path("t.trace.gz")
        let record = try Program.run([
            "record", "-r", CorpusOracle.path(name), "--no-anonymize", "-w", trace, "--json",
        ])
        #expect(record.status == oracle.status, "\(record.errors)")
        guard oracle.status != 2 else {
            #expect(!FileManager.default.fileExists(atPath: trace))
            return
        }
        let cat = try Program.run(["cat", "--json", trace, "--quiet"])
        #expect(cat.status == 0, "\(cat.errors)")
        let lines = try cat.output.split(separator: 0x0A).map(CatLine.init(parsing:))
        #expect(lines.map(\.start) == lines.map(\.start).sorted(), "in order of start")
        let totals = try record.json()
        #expect(totals["requests"] as? Int == lines.filter(\.isRequest).count)
        let final = lines.filter { $0.isResponse && !$0.flags.contains("interim") }
        #expect(totals["responses"] as? Int == final.count)

        let listed = try Self.exceptions(of: name)
        for (number, finding) in Self.findings(in: lines, oracle) {
            #expect(finding.outcome == listed[number] ?? .same, "stream \(number): \(finding.reason)")
        }
    }

    @Test func whatIsNoCaptureIsRefused() throws {
        let scratch = try Scratch()
        try Data().write(to: scratch.url.appending(path: "empty.pcap"))
        let foreign = CorpusOracle.names.first.map { CorpusOracle.path($0 + ".oracle.jsonl") } ?? ""
        for path in [scratch.path("empty.pcap"), foreign] {
            let run = try Program.run([
                "record", "-r", path, "--no-anonymize", "-w", scratch.path("t.trace.gz"),
            ])
            #expect(run.status == 2, "\(run.errors)")
            #expect(run.errors.contains(path))
        }
    }

    private static func findings(
        in lines: [CatLine],
        _ oracle: CorpusOracle
    ) -> [Int: (outcome: Outcome, reason: String)] {
        var findings: [Int: (outcome: Outcome, reason: String)] = [:]
        // Messages on a stream that only one reader looked at are those that came out of TLS.
        let comparable = oracle.streams.filter { _, stream in
            stream.isComparable && !(stream.mark.isEmpty && !(stream.requests + stream.responses).isEmpty)
        }
        for (ends, streams) in Dictionary(grouping: comparable, by: \.stream.ends) {
            for isRequest in [true, false] {
                var rest = lines.filter { $0.ends == ends && (isRequest ? $0.isRequest : $0.isResponse) }[...]
                for (number, stream) in streams {
                    // One pair of ends may have had several connections; they follow one another.
                    let count = (isRequest ? stream.requests : stream.responses).count
                    let part = number == streams.last?.number ? rest : rest.prefix(count)
                    rest = rest.dropFirst(part.count)
                    let finding = compare(Array(part), stream, isRequest: isRequest)
                    if finding.outcome != .same, findings[number]?.outcome != .different {
                        findings[number] = finding
                    } else if findings[number] == nil {
                        findings[number] = finding
                    }
                }
            }
            let promises = lines.filter { $0.ends == ends && $0.isPromise }.map(\.methodAndTarget)
            if let last = streams.last, promises != streams.flatMap(\.stream.promises) {
                findings[last.number] = (.different, "promises: \(promises)")
            }
        }
        return findings
    }

    private static func compare(
        _ found: [CatLine],
        _ stream: CorpusOracle.Stream,
        isRequest: Bool
    ) -> (outcome: Outcome, reason: String) {
        let expected = isRequest ? stream.requests : stream.responses
        if stream.mark == "differs" {
            let whole = found.filter { !$0.flags.contains("incomplete") }.count
            let most = max(expected.count, isRequest ? stream.mostRequests : stream.mostResponses)
            return whole > most && !stream.hasHoles
                ? (.different, "\(whole) whole, not \(most)") : (.same, "")
        }
        var rest = expected[...]
        var outcome = Outcome.same
        for line in found {
            let summary = line.summary(strippingBlanksOnly: stream.stripsBlanksOnly)
            let place =
                stream.isMultiplexed
                ? rest.firstIndex(of: summary) : summary == rest.first ? rest.startIndex : nil
            if let place {
                rest.remove(at: place)
            } else if line.flags.contains("incomplete") || stream.hasHoles {
                // Where the readers found no HTTP there is nothing to hold this against.
                if !stream.mark.isEmpty { outcome = .more }
            } else {
                return (.different, "found \(summary), expected \(rest.first ?? "none")")
            }
        }
        if let first = rest.first { return (.different, "not found: \(first)") }
        return (outcome, outcome == .more ? "more than the oracle lists" : "")
    }

    /// The listed streams of a capture; the second table of the page holds those of which more is read.
    private static func exceptions(of name: String) throws -> [Int: Outcome] {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/corpus-exceptions.md")
        var listed: [Int: Outcome] = [:]
        var outcome = Outcome.different
        for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("## More") { outcome = .more }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, cells[0] == "`\(name)`" else { continue }
            for number in cells[1].split(separator: ",") {
                if let stream = Int(number.trimmingCharacters(in: .whitespaces)) { listed[stream] = outcome }
            }
        }
        return listed
    }
}
