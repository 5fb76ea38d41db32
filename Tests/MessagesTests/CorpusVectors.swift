import Bytes
import Foundation
import Messages
import Testing

/// The parser inputs of other projects, read from the corpus that `TAPEDECK_CORPUS` names.
enum CorpusVectors {
    static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"]

    /// The lines of a file below `http/`, without the first, which describes the file.
    static func lines(of file: String) throws -> [[String: Any]] {
        let path = try #require(folder) + "/http/" + file
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").dropFirst().map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
    }

    static func input(_ line: [String: Any]) throws -> [UInt8] {
        if let text = line["input"] as? String { return Array(text.utf8) }
        let encoded = try #require(line["input_base64"] as? String)
        return Array(try #require(Data(base64Encoded: encoded)))
    }

    /// The cases of one section of the conformance document that are read differently, with the reason of each.
    static func exceptions(in section: String) throws -> [String: String] {
        let document = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Documentation/http-conformance.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        var exceptions: [String: String] = [:]
        var isInside = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { isInside = line == "## \(section)" }
            let cells = line.dropLast(2).components(separatedBy: " | ")
            guard isInside, line.hasPrefix("| "), cells.count == 2, cells[0] != "| case", cells[0] != "| ---"
            else { continue }
            exceptions[String(cells[0].dropFirst(2))] = cells[1]
        }
        return exceptions
    }

    /// Compares what was found to differ with what the document says does.
    static func compare(_ differing: [String: String], with section: String) throws {
        let listed = try exceptions(in: section)
        for (id, found) in differing.sorted(by: { $0.key < $1.key }) where listed[id] == nil {
            Issue.record("differs and is not listed: \(id): \(found)")
        }
        for id in listed.keys.sorted() where differing[id] == nil {
            Issue.record("listed and does not differ: \(id)")
        }
    }
}

/// A message as far as parsers can be compared.
struct ComparableMessage: Equatable, CustomStringConvertible {
    /// `METHOD TARGET` or `STATUS REASON`.
    var start: String
    var version: String
    /// Without outer white space; foldings joined.
    var fields: [String]
    var bodyLength: UInt64 = 0
    var isComplete = false

    var description: String { "\(start) \(version) \(fields) \(bodyLength) \(isComplete)" }
}

/// Everything one direction gave.
struct ComparableReading: Equatable {
    var messages: [ComparableMessage] = []
    /// Some bytes were not HTTP.
    var hasError = false
    /// Some message was flagged `smuggling`.
    var isFlagged = false
    /// A head was begun and not finished.
    var endsInHead = false

    init(_ pieces: [ArraySlice<UInt8>], kind: MessageKind, answering method: RequestMethod = .other) {
        var parser = HTTPParser(kind: kind)
        for piece in pieces { read(Array(piece), with: &parser, method) }
        endsInHead = parser.counts.unparsable == 0 && parser.pendingBytes > 0
        if endsInHead { return }
        parser.finish(.cut)
        read([], with: &parser, method)
    }

    private mutating func read(_ bytes: [UInt8], with parser: inout HTTPParser, _ method: RequestMethod) {
        var offset = 0
        while true {
            switch parser.next(bytes.span, at: &offset) {
            case .more: return
            case .head:
                parser.decideFraming(answering: method)
                messages.append(Self.message(parser.head))
            case .end(let end):
                messages[messages.count - 1].bodyLength = end.bodyLength
                messages[messages.count - 1].isComplete = !end.flags.contains(.incomplete)
                if end.flags.contains(.smuggling) { isFlagged = true }
                let hasLostFraming = end.flags.isSuperset(of: [.smuggling, .incomplete])
                if hasLostFraming, parser.head.framing != .untilClose { hasError = true }
            case .skipped: hasError = true
            case .began, .body, .heldBody, .bodyGap, .trailers, .abandoned: continue
            }
        }
    }

    private static func message(_ head: Head) -> ComparableMessage {
        let start: String
        switch head.start {
        case .request(let method, let target):
            start = text(head.bytes[method]) + " " + text(head.bytes[target])
        case .response(let status, let reason): start = "\(status) " + text(head.bytes[reason])
        }
        let fields = head.fields.map { text(head.bytes[$0.name]) + ": " + text(head.bytes[$0.value]) }
        return ComparableMessage(start: start, version: "1.\(head.version.minor)", fields: fields)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    }
}
