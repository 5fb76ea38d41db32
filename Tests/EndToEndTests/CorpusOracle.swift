import Crypto
import Foundation
import JSON

/// What other readers found in a capture of the corpus, as its oracle tells it line by line.
struct CorpusOracle {
    struct Stream {
        var ends: Set<String>
        /// `agrees`, `replaced`, `differs`, or empty where no HTTP was found.
        var mark: String
        var isComparable: Bool
        var hasHoles: Bool
        var requests: [String] = []
        var responses: [String] = []
        /// Method and target of what a server said that it would answer unasked.
        var promises: [String] = []
        /// HTTP/2: messages of a connection have no order among them.
        var isMultiplexed = false
        /// Most whole messages that one of the readers saw.
        var mostRequests = 0
        var mostResponses = 0

        /// Whether the values were stripped of blanks only, or of all white space.
        var stripsBlanksOnly: Bool { mark == "replaced" }
    }

    /// By number, ascending.
    var streams: [(number: Int, stream: Stream)] = []
    /// What `record` has to exit with.
    var status: Int32 = 0

    static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"].map {
        URL(filePath: $0).appending(path: "pcap")
    }

    /// The names of the captures.
    static let names: [String] = {
        let suffix = ".oracle.jsonl"
        let files = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
        return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
    }()

    static func path(_ name: String) -> String { folder?.appending(path: name).path ?? name }

    init(_ name: String) throws {
        let text = try String(contentsOfFile: Self.path(name + ".oracle.jsonl"), encoding: .utf8)
        var streams: [Int: Stream] = [:]
        for line in text.split(separator: "\n") {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            if let warning = object["reader_warning"] as? String {
                status = warning.contains("cut short") ? 3 : 2
            }
            guard let number = object["tcp_stream"] as? Int else { continue }
            switch (object["kind"] as? String, object["proto"] as? String) {
            case ("stream", _): streams[number] = Stream(object)
            case ("request", _): streams[number]?.requests.append(Self.summary(object))
            case ("response", _): streams[number]?.responses.append(Self.summary(object))
            case ("push_promise", _):
                streams[number]?.promises.append("\(object["method"] ?? "-") \(object["uri"] ?? "-")")
            default: break
            }
            if object["proto"] as? String == "http2" { streams[number]?.isMultiplexed = true }
        }
        self.streams = streams.sorted { $0.key < $1.key }.map { (number: $0.key, stream: $0.value) }
    }

    /// Everything of a message that is compared, on one line.
    private static func summary(_ object: [String: Any]) -> String {
        let start =
            (object["status"] as? Int).map(String.init)
            ?? "\(object["method"] as? String ?? "-") \(object["uri"] as? String ?? "-")"
        let keys = ["header_count", "headers_sha256", "body_length", "body_sha256"]
        return ([start] + keys.map { "\(object[$0] ?? "-")" }).joined(separator: " ")
    }
}

extension CorpusOracle.Stream {
    fileprivate init(_ object: [String: Any]) {
        ends = [object["client"] as? String ?? "", object["server"] as? String ?? ""]
        mark = object["second_reader"] as? String ?? ""
        isComparable = object["client_plain_bytes"] == nil
        hasHoles = object["client_holes"] != nil || object["server_holes"] != nil
        for difference in object["second_reader_diff"] as? [String] ?? [] {
            let words = difference.split(separator: " ")
            guard words.count == 5, words[1] == "tshark", let count = Int(words[4]) else { continue }
            if words[0] == "requests:" { mostRequests = count }
            if words[0] == "responses:" { mostResponses = count }
        }
    }
}

/// A line of `tapedeck cat --json`.
struct CatLine {
    private let object: JSONValue

    /// Foundation's reader is not used here: it loses a byte order mark that a string starts with.
    init(parsing line: Data) throws {
        object = try JSONValue(parsing: [UInt8](line).span)
    }

    var isRequest: Bool { object["type"]?.text == "request" }
    var isResponse: Bool { object["type"]?.text == "response" }
    var isPromise: Bool { object["type"]?.text == "push_promise" }
    var methodAndTarget: String { "\(object["method"]?.text ?? "") \(object["target"]?.text ?? "")" }
    var version: String { object["version"]?.text ?? "1.1" }
    var start: Int { object["start_ns"]?.integer ?? 0 }
    var flags: [String] { object["flags"]?.elements.compactMap(\.text) ?? [] }

    /// Both ends, IPv6 addresses without brackets.
    var ends: Set<String> {
        Set(["client", "server"].map { (object[$0]?.text ?? "").filter { $0 != "[" && $0 != "]" } })
    }

    var body: Data {
        if let text = object["body"]?.text { return Data(text.utf8) }
        return Data(base64Encoded: object["body_base64"]?.text ?? "") ?? Data()
    }

    /// The message in the terms of the oracle, its fields hashed by the oracle's rules.
    func summary(strippingBlanksOnly: Bool) -> String {
        let start = isRequest ? methodAndTarget : "\(object["status"]?.integer ?? -1)"
        let stripped = strippingBlanksOnly ? CharacterSet(charactersIn: " \t") : .whitespacesAndNewlines
        let fields = object["headers"]?.elements.map { $0.elements.compactMap(\.text) } ?? []
        let lines = fields.map {
            "\($0.first?.lowercased() ?? ""): \($0.last?.trimmingCharacters(in: stripped) ?? "")\n"
        }
        let length = object["body_length"]?.integer ?? -1
        // The oracle counts no pseudo-fields, but hashes them.
        let count = fields.count { $0.first?.hasPrefix(":") != true }
        return "\(start) \(count) \(Self.hash(Data(lines.joined().utf8))) \(length) \(Self.hash(body))"
    }

    private static func hash(_ data: Data) -> String {
        SHA256.hash(data: data).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension JSONValue {
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    fileprivate var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return Int(number.spelling)
    }

    fileprivate var elements: [JSONValue] {
        guard case .array(let elements) = self else { return [] }
        return elements
    }
}
