import Foundation
import Messages
import Packets
import Recording
import Testing
import Traces

/// The corpus of real captures: what the recorder makes of each, against the readers that made its oracles.
///
/// Streams on which those agree, or on which the strict one was right, must give the same messages in the same
/// order, bodies included. Where they differ there is no one answer, but nothing may be made up. What is otherwise
/// stands in `Documentation/corpus-exceptions.md`, stream by stream, and nothing else may stand there.
@Suite struct CorpusOracleTests {
    @Test(.enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
    func corpusIsThere() throws {
        #expect(try CorpusCapture.names().count > 200)
    }

    @Test(
        .enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"),
        arguments: (try? CorpusCapture.names()) ?? []
    )
    func readsWhatTheOracleReads(_ name: String) throws {
        let capture = try CorpusCapture(name)
        let (trace, ledger) = try capture.record()
        #expect(ledger.check() == [], "the sums of the ledger")
        let exceptions = try CorpusExceptions.load()
        let findings = Self.findings(in: trace, against: capture)
        for (stream, finding) in findings {
            let listed = exceptions.outcome(name, stream)
            #expect(finding.outcome == listed, "\(name), stream \(stream): \(finding.reasons)")
        }
        let unknown = exceptions.streams(of: name).subtracting(findings.keys)
        #expect(unknown.isEmpty, "\(name) has no such streams to compare")
    }

    @Test(.enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
    func everyExceptionIsOfACapture() throws {
        #expect(try CorpusExceptions.load().names.subtracting(CorpusCapture.names()).isEmpty)
    }

    /// What is found on a stream, and how it is other than the oracle.
    struct Finding {
        var outcome = CorpusExceptions.Outcome.same
        var reasons: [String] = []

        mutating func add(_ outcome: CorpusExceptions.Outcome, _ reason: String) {
            if self.outcome != .different { self.outcome = outcome }
            reasons.append(reason)
        }
    }

    /// What is found, by the number of the stream.
    static func findings(in trace: CollectedTrace, against capture: CorpusCapture) -> [Int: Finding] {
        var findings: [Int: Finding] = [:]
        let groups = Dictionary(grouping: capture.streams.filter(\.isComparable), by: \.ends)
        for (ends, streams) in groups {
            let connections = trace.connections.values
                .filter { Set([$0.client.oracleText, $0.server.oracleText]) == ends }
                .map(\.connection)
            let found = trace.messages.filter { connections.contains($0.connection) }
            for kind in [MessageKind.request, .response] {
                var rest = found.filter { $0.kind == kind && !$0.isPromise }[...]
                for stream in streams {
                    let expected = stream.messages(kind)
                    let isLast = stream.number == streams.last?.number
                    let part = isLast ? rest : rest.prefix(expected.count)
                    rest = rest.dropFirst(part.count)
                    stream.compare(Array(part), kind, into: &findings[stream.number, default: Finding()])
                }
            }
            let promises = found.filter(\.isPromise).map(OraclePromise.init)
            if let last = streams.last, promises != streams.flatMap(\.promises) {
                findings[last.number, default: Finding()].add(.different, "promises: \(promises)")
            }
        }
        return findings
    }
}

extension OracleStream {
    /// Messages on a stream that only one reader looked at are those that came out of TLS.
    fileprivate var isComparable: Bool { !isEncrypted && !(mark == .none && !messages.isEmpty) }

    /// Holds the messages of one kind that were found against the oracle's.
    ///
    /// The oracle lists messages that are whole, and none behind a hole. Where its readers differ, or found no HTTP,
    /// whole messages must not be more than one of them saw.
    fileprivate func compare(
        _ found: [RecordedMessage],
        _ kind: MessageKind,
        into finding: inout CorpusOracleTests.Finding
    ) {
        let expected = messages(kind)
        let noun = kind == .request ? "requests" : "responses"
        if mark == .differs {
            let whole = found.filter { !$0.end.flags.contains(.incomplete) }.count
            let most = max(expected.count, (kind == .request ? otherRequests : otherResponses) ?? 0)
            if whole > most && !hasHoles {
                finding.add(.different, "\(whole) \(noun), at most \(most) can be there")
            }
            return
        }
        var rest = expected[...]
        for (index, message) in found.enumerated() {
            guard let actual = OracleMessage(message, stripping: stripped) else {
                finding.add(.different, "the head of \(noun) \(index) cannot be read")
                continue
            }
            let place =
                isMultiplexed ? rest.firstIndex(of: actual) : actual == rest.first ? rest.startIndex : nil
            if let place {
                rest.remove(at: place)
            } else if message.end.flags.contains(.incomplete) || hasHoles {
                // A stream in which the readers found no HTTP has no reading to hold this against.
                guard mark != .none else { continue }
                finding.add(.more, "one more of the \(noun) at \(index): \(actual)")
            } else {
                let other = rest.first?.description ?? "none"
                finding.add(.different, "\(noun) differ at \(index): found \(actual), expected \(other)")
            }
        }
        if let first = rest.first {
            finding.add(.different, "\(rest.count) \(noun) are not found, such as \(first)")
        }
    }
}

extension RecordedMessage {
    /// A request that only its server speaks of.
    fileprivate var isPromise: Bool { kind == .request && end.flags.contains(.pushed) }
}

extension Endpoint {
    /// As the oracle spells it: no brackets.
    fileprivate var oracleText: String { "\(address):\(port)" }
}
