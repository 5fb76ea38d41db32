import Foundation
import Messages
import Packets
import Recording
import Testing
import Traces

/// The corpus of real captures: what the recorder makes of each, against the readers that made its oracles.
///
/// Streams on which those agree, or on which the strict one was right, must give the same messages in the same
/// order, bodies included. Where they differ there is no one answer, but nothing may be made up. What cannot be met
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
        let failures = Self.failures(of: trace, against: capture)
        for (stream, reason) in failures where !exceptions.contains(name, stream) {
            Issue.record("\(name), stream \(stream): \(reason)")
        }
        for stream in exceptions.streams(of: name) where failures[stream] == nil {
            Issue.record("\(name), stream \(stream) is listed as an exception, and is none")
        }
    }

    /// What is wrong, by the number of the stream.
    static func failures(of trace: CollectedTrace, against capture: CorpusCapture) -> [Int: String] {
        var failures: [Int: String] = [:]
        let groups = Dictionary(grouping: capture.streams.filter(\.isComparable), by: \.ends)
        for (ends, streams) in groups {
            let connections = trace.connections.values
                .filter { Set([$0.client.oracleText, $0.server.oracleText]) == ends }
                .map(\.connection)
            let found = trace.messages.filter { connections.contains($0.connection) }
            for kind in [MessageKind.request, .response] {
                var rest = found.filter { $0.kind == kind }[...]
                for stream in streams {
                    let expected = stream.messages(kind)
                    let isLast = stream.number == streams.last?.number
                    let part = isLast ? rest : rest.prefix(expected.count)
                    rest = rest.dropFirst(part.count)
                    guard let failure = stream.failure(of: Array(part), kind) else { continue }
                    failures[stream.number] = [failures[stream.number], failure].compactMap(\.self)
                        .joined(separator: "; ")
                }
            }
        }
        return failures
    }
}

extension OracleStream {
    fileprivate var isComparable: Bool { isOverKnownLink && !isEncrypted }

    /// What is wrong with the messages of one kind that were found, if anything is.
    ///
    /// The oracle lists messages that are whole, and none behind a hole. One of which the end was not captured is no
    /// mistake, if it says so, and where the stream has a hole, neither is one more.
    fileprivate func failure(of found: [RecordedMessage], _ kind: MessageKind) -> String? {
        let expected = messages(kind)
        let noun = kind == .request ? "requests" : "responses"
        if mark == .differs {
            let whole = found.filter { !$0.end.flags.contains(.incomplete) }.count
            let most = max(expected.count, (kind == .request ? otherRequests : otherResponses) ?? 0)
            return whole > most && !hasHoles ? "\(whole) \(noun), at most \(most) can be there" : nil
        }
        var rest = expected[...]
        for (index, message) in found.enumerated() {
            guard let actual = OracleMessage(message, stripping: stripped) else {
                return "the head of \(noun) \(index) cannot be read"
            }
            if actual == rest.first {
                rest.removeFirst()
            } else if !message.end.flags.contains(.incomplete), !hasHoles {
                return
                    "\(noun) differ at \(index): found \(actual), expected \(rest.first?.description ?? "none")"
            }
        }
        return rest.first.map { "\(rest.count) \(noun) are not found, such as \($0)" }
    }
}

extension Endpoint {
    /// As the oracle spells it: no brackets.
    fileprivate var oracleText: String { "\(address):\(port)" }
}
