import Foundation
import Messages
import Testing

/// The cases of llhttp: the same messages, or a listed reason why not.
///
/// Compared are method and target or status and reason, version, fields, body length, whether the message ended, and
/// whether something was in error. Not compared is what follows an `Upgrade` or `CONNECT` request: llhttp stops there,
/// this parser stops when the response is seen.
@Suite(.enabled(if: CorpusVectors.folder != nil, "TAPEDECK_CORPUS names no corpus"))
struct LLHTTPConformanceTests {
    /// Codes with which llhttp stops without an error: pauses at Upgrade and at the preface of HTTP/2.
    private static let pauses: Set<Int> = [22]

    @Test func readsTheSameMessages() throws {
        var differing: [String: String] = [:]
        var seen: Set<String> = []
        for line in try CorpusVectors.lines(of: "llhttp-vectors.jsonl") {
            let id = try #require(line["id"] as? String)
            #expect(seen.insert(id).inserted, "\(id) comes twice")
            differing[id] = try difference(line, id: id)
        }
        #expect(seen.count == 136)
        try CorpusVectors.compare(differing, with: "llhttp")
    }

    /// What was read instead, or `nil` where nothing differs.
    private func difference(_ line: [String: Any], id: String) throws -> String? {
        let input = try CorpusVectors.input(line)
        let kind: MessageKind =
            try #require(line["type"] as? String).hasPrefix("response") ? .response : .request
        // The caller of llhttp says that no body follows, as it would after HEAD.
        let method: RequestMethod = (line["meta"] as? [String: Any])?["skipBody"] != nil ? .head : .other
        let whole = ComparableReading([input[...]], kind: kind, answering: method)
        let bytewise = ComparableReading(input.indices.map { input[$0...$0] }, kind: kind, answering: method)
        #expect(whole == bytewise, "\(id): whole and byte by byte")

        let errorCode = (line["error"] as? [String: Any])?["code"] as? Int
        let expected = try messages(of: line)
        if let errorCode, Self.pauses.contains(errorCode) {
            return Array(whole.messages.prefix(expected.count)) == expected ? nil : "\(whole)"
        }
        guard whole.messages == expected, whole.hasError == (errorCode != nil) else { return "\(whole)" }
        let messageCount = (line["messages"] as? [Any])?.count
        if errorCode == nil, expected.last?.isComplete == true, expected.count == messageCount {
            checkGlued(input, kind: kind, answering: method, to: expected, id: id)
        }
        return nil
    }

    private func checkGlued(
        _ input: [UInt8],
        kind: MessageKind,
        answering method: RequestMethod,
        to expected: [ComparableMessage],
        id: String
    ) {
        let next = kind == .request ? "GET /next HTTP/1.1\r\n\r\n" : "HTTP/1.1 204 Next\r\n\r\n"
        let message = ComparableMessage(
            start: kind == .request ? "GET /next" : "204 Next",
            version: "1.1",
            fields: [],
            isComplete: true
        )
        let glued = ComparableReading([(input + Array(next.utf8))[...]], kind: kind, answering: method)
        #expect(glued.messages == expected + [message], "\(id): glued")
    }

    /// What llhttp read, as far as heads were complete.
    private func messages(of line: [String: Any]) throws -> [ComparableMessage] {
        let messages = try #require(line["messages"] as? [[String: Any]])
        let bodyLengths = bodyLengths(try #require(line["events"] as? [String]))
        #expect(bodyLengths.count == messages.count)
        return try zip(messages, bodyLengths).filter { $0.0["headers_complete"] as? Bool == true }.map {
            message,
            bodyLength in
            let fields = try #require(message["headers"] as? [[String]]).map { pair in
                pair[0].trimmingCharacters(in: .whitespaces) + ": "
                    + pair[1].trimmingCharacters(in: .whitespaces)
            }
            let start =
                if let method = message["method"] as? String {
                    method + " " + (message["url"] as? String ?? "")
                } else {
                    "\(message["status_code"] as? Int ?? -1) " + (message["status"] as? String ?? "")
                }
            return ComparableMessage(
                start: start,
                version: message["version"] as? String ?? "",
                fields: fields,
                bodyLength: bodyLength,
                isComplete: message["complete"] as? Bool ?? false
            )
        }
    }

    /// The body bytes of each message, from the log: the summary leaves line ends inside bodies out.
    private func bodyLengths(_ events: [String]) -> [UInt64] {
        events.reduce(into: []) { lengths, event in
            if event.hasSuffix("message begin") { lengths.append(0) }
            guard event.contains("span[body]"),
                let field = event.components(separatedBy: "len=").dropFirst().first,
                let length = UInt64(field.prefix { $0.isNumber }), !lengths.isEmpty
            else { return }
            lengths[lengths.count - 1] += length
        }
    }
}
