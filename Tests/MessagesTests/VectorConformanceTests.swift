import Foundation
import Messages
import Testing

/// The cases of gunicorn and picohttpparser, and spellings known from request smuggling.
@Suite(.enabled(if: CorpusVectors.folder != nil, "TAPEDECK_CORPUS names no corpus"))
struct VectorConformanceTests {
    /// What gunicorn accepts is read the same; what it refuses is refused or flagged.
    @Test func agreesWithGunicorn() throws {
        var differing: [String: String] = [:]
        for line in try CorpusVectors.lines(of: "gunicorn-vectors.jsonl") {
            let id = try #require(line["id"] as? String)
            let input = try CorpusVectors.input(line)
            let whole = ComparableReading([input[...]], kind: .request)
            #expect(whole == ComparableReading(input.indices.map { input[$0...$0] }, kind: .request), "\(id)")
            guard line["expected"] as? String == "valid" else {
                if !whole.hasError, !whole.isFlagged, !whole.endsInHead { differing[id] = "accepted" }
                continue
            }
            let requests = try #require(line["requests"] as? [[String: Any]])
            let expected = try requests.map { request in
                let fields = try #require(request["headers_upper"] as? [[String]]).map {
                    "\($0[0]): \($0[1])"
                }
                return ComparableMessage(
                    start: "\(request["method"] as? String ?? "") \(request["uri"] as? String ?? "")",
                    version: request["version"] as? String ?? "",
                    fields: fields,
                    bodyLength: UInt64(request["body_length"] as? Int ?? 0),
                    isComplete: true
                )
            }
            let found = whole.messages.map { message in
                var message = message
                message.fields = message.fields.map { field in
                    let parts = field.components(separatedBy: ": ")
                    return ([parts[0].uppercased()] + parts.dropFirst()).joined(separator: ": ")
                }
                return message
            }
            if found != expected || whole.hasError { differing[id] = "\(found)" }
        }
        try CorpusVectors.compare(differing, with: "gunicorn")
    }

    @Test func agreesWithPicohttpparser() throws {
        var differing: [String: String] = [:]
        for line in try CorpusVectors.lines(of: "picohttpparser-vectors.jsonl") {
            let id = try #require(line["id"] as? String)
            var input = try CorpusVectors.input(line)
            let parser = try #require(line["parser"] as? String)
            // Fields alone are what follows some start line.
            if parser == "headers" { input = Array("GET / HTTP/1.1\r\n".utf8) + input }
            let reading = ComparableReading([input[...]], kind: parser == "response" ? .response : .request)
            let found =
                if reading.endsInHead { "incomplete" } else if reading.messages.isEmpty || reading.isFlagged {
                    "invalid"
                } else {
                    "complete"
                }
            if found != line["expected"] as? String { differing[id] = found }
        }
        try CorpusVectors.compare(differing, with: "picohttpparser")
    }

    /// No odd spelling of Transfer-Encoding is taken for plain `chunked` without a flag, with or without a length.
    @Test func flagsOddSpellings() throws {
        var differing: [String: String] = [:]
        for line in try CorpusVectors.lines(of: "smuggling-header-forms.jsonl") {
            let id = try #require(line["id"] as? String)
            let lengthKey = try #require(line["content_length_key"] as? String)
            let codingLine = bytes(
                try #require(line["te_key"] as? String) + (line["te_value"] as? String ?? "")
            )
            let start = Array("POST / HTTP/1.1\r\nHost: x\r\n".utf8)
            let rest = codingLine + Array("\r\n\r\n".utf8)
            for input in [start + Array("\(lengthKey) 5\r\n".utf8) + rest, start + rest] {
                guard let head = try? Head(parsing: input, kind: .request), head.framing == .chunked else {
                    continue
                }
                if !head.flags.contains(.smuggling) { differing[id] = "plain chunked" }
            }
        }
        try CorpusVectors.compare(differing, with: "Spellings of Transfer-Encoding")
    }

    /// Escapes such as `\xFF` stand for one byte.
    private func bytes(_ text: String) -> [UInt8] {
        let parts = text.components(separatedBy: "\\x")
        return parts.dropFirst().reduce(into: Array(parts[0].utf8)) { bytes, part in
            bytes.append(UInt8(part.prefix(2), radix: 16) ?? 0)
            bytes += Array(part.dropFirst(2).utf8)
        }
    }
}
