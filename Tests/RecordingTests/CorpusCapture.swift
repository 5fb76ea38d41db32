import Bytes
import Crypto
import Foundation
import JSON
import Messages
import Packets
import Recording
import Traces

/// A capture of the corpus, and what its oracle says about it.
struct CorpusCapture {
    let name: String
    let streams: [OracleStream]

    static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"].map {
        URL(filePath: $0).appending(path: "pcap")
    }

    /// The names of all captures that have an oracle.
    static func names() throws -> [String] {
        guard let folder else { return [] }
        let suffix = ".oracle.jsonl"
        return try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
            .filter { $0.hasSuffix(suffix) }
            .map { String($0.dropLast(suffix.count)) }
            .sorted()
    }

    init(_ name: String) throws {
        self.name = name
        let file = try Self.bytes(name + ".oracle.jsonl")
        var streams: [Int: OracleStream] = [:]
        for line in file.split(separator: 0x0A) {
            let object = try JSONValue(parsing: Array(line).span)
            guard let number = object.integer("tcp_stream") else { continue }
            switch object.text("kind") {
            case "stream": streams[number] = OracleStream(object, number: number)
            case "request": streams[number]?.messages.append(OracleMessage(object, .request))
            case "response": streams[number]?.messages.append(OracleMessage(object, .response))
            case "push_promise": streams[number]?.promises.append(OraclePromise(object))
            case "body_without_head": streams[number]?.bodiesWithoutHead += 1
            default: break
            }
        }
        self.streams = streams.values.sorted { $0.number < $1.number }
    }

    private static func bytes(_ name: String) throws -> [UInt8] {
        guard let folder else { return [] }
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// Runs the capture through the pipeline, nothing left out and nothing rewritten.
    ///
    /// The first `first` packets are kept from it, as if the capture had begun behind them, and those of the numbers
    /// `lost`, counted from 1, as if they had not been captured.
    func record(
        _ options: RecordingOptions = RecordingOptions(),
        droppingFirst first: Int = 0,
        without lost: Set<Int> = []
    ) throws -> (trace: CollectedTrace, ledger: Ledger) {
        let file = try Self.bytes(name)
        var pipeline = RecordingPipeline(options: options, anonymizer: nil, output: CollectedTrace())
        var reader = SavefileReader()
        var cursor = 0
        var time = PacketTime.distantPast
        var packets = 0
        while case .packet(let packet) = reader.next(in: file.span, from: &cursor, isLast: true) {
            time = packet.time
            packets += 1
            if packets <= first || lost.contains(packets) { continue }
            pipeline.receive(
                file.span.extracting(packet.bytes.bounds),
                originalLength: packet.originalLength,
                link: packet.link,
                interface: packet.isOneOfSeveral ? packet.interface : nil,
                at: time
            )
        }
        pipeline.finish(at: time)
        return (pipeline.output, pipeline.ledger)
    }
}

/// A TCP connection as the oracle describes it.
struct OracleStream {
    /// How the two readers that made the oracle compare.
    enum Mark: String {
        case agrees
        case replaced
        case differs
        /// There was nothing for them to compare: no HTTP was found.
        case none
    }

    let number: Int
    let client: String
    let server: String
    let mark: Mark
    let isEncrypted: Bool
    /// Bytes of the stream are not in the capture.
    let hasHoles: Bool
    /// How many requests the other reader saw, where it saw another number than the oracle lists.
    let otherRequests: Int?
    let otherResponses: Int?
    var messages: [OracleMessage] = []
    /// What a server said that it would answer unasked.
    var promises: [OraclePromise] = []
    /// Bodies of HTTP/2 of which no head was seen: they belong to no message.
    var bodiesWithoutHead = 0

    /// Messages of a connection that carries several at a time have no order among them.
    var isMultiplexed: Bool { messages.contains(where: \.isHTTP2) }

    init(_ object: JSONValue, number: Int) {
        self.number = number
        client = object.text("client") ?? ""
        server = object.text("server") ?? ""
        mark = object.text("second_reader").flatMap(Mark.init) ?? .none
        isEncrypted = object["client_plain_bytes"] != nil
        hasHoles = object["client_holes"] != nil || object["server_holes"] != nil
        var others: [String: Int] = [:]
        if case .array(let differences)? = object["second_reader_diff"] {
            for case .string(let text) in differences {
                let words = text.split(separator: " ")
                guard words.count == 5, words[1] == "tshark" else { continue }
                others[String(words[0])] = Int(words[4])
            }
        }
        otherRequests = others["requests:"]
        otherResponses = others["responses:"]
    }

    func messages(_ kind: MessageKind) -> [OracleMessage] { messages.filter { $0.kind == kind } }

    /// What was stripped from the values before they were hashed.
    var stripped: CharacterSet {
        mark == .replaced ? CharacterSet(charactersIn: " \t") : .whitespacesAndNewlines
    }

    /// Both ends in any order, as a key: the readers may differ in who is the client.
    var ends: Set<String> { [client, server] }
}

/// A message in the terms in which the oracle and the recorder are compared.
struct OracleMessage: Equatable, CustomStringConvertible {
    var kind: MessageKind
    /// Method and target, or status.
    var start: String
    var headerCount: Int
    var headersHash: String
    var bodyLength: Int
    var bodyHash: String
    var isHTTP2: Bool

    var description: String {
        "\(start) headers:\(headerCount)/\(headersHash.prefix(8)) body:\(bodyLength)/\(bodyHash.prefix(8))"
    }

    init(_ object: JSONValue, _ kind: MessageKind) {
        self.kind = kind
        switch kind {
        case .request: start = "\(object.text("method") ?? "-") \(object.text("uri") ?? "-")"
        case .response: start = "\(object.integer("status") ?? -1)"
        }
        headerCount = object.integer("header_count") ?? -1
        headersHash = object.text("headers_sha256") ?? ""
        bodyLength = object.integer("body_length") ?? -1
        bodyHash = object.text("body_sha256") ?? ""
        isHTTP2 = object.text("proto") == "http2"
    }

    /// One of the readers behind the oracle strips only blanks from a value (`replaced`), the other all white space.
    init?(_ message: RecordedMessage, stripping stripped: CharacterSet) {
        guard let head = message.parsedHead else { return nil }
        kind = message.kind
        switch head.start {
        case .request(let method, let target):
            start = "\(latin1(head.bytes[method.bounds])) \(latin1(head.bytes[target.bounds]))"
        case .response(let status, _): start = "\(status)"
        }
        // The oracle counts no pseudo-fields, but hashes them.
        headerCount = head.fields.count { !head.isPseudo($0) }
        isHTTP2 = head.version == .http2
        var lines = ""
        for field in head.fields {
            let name = latin1(head.bytes[field.name.bounds]).lowercased()
            let value = latin1(head.bytes[field.value.bounds])
            lines += "\(name): \(value.trimmingCharacters(in: stripped))\n"
        }
        headersHash = SHA256.hash(data: Array(lines.utf8)).hexadecimal
        bodyLength = message.body.count
        bodyHash = SHA256.hash(data: message.body).hexadecimal
    }
}

/// A PUSH_PROMISE frame in the terms in which the oracle and the recorder are compared.
struct OraclePromise: Equatable {
    var start: String
    var headerCount: Int

    init(_ object: JSONValue) {
        start = "\(object.text("method") ?? "-") \(object.text("uri") ?? "-")"
        headerCount = object.integer("header_count") ?? -1
    }

    init?(_ message: RecordedMessage) {
        guard let same = OracleMessage(message, stripping: .whitespaces) else { return nil }
        start = same.start
        headerCount = same.headerCount
    }
}

private func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return text
}

extension SHA256Digest {
    fileprivate var hexadecimal: String {
        map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String? {
        guard case .string(let text)? = self[name] else { return nil }
        return text
    }

    fileprivate func integer(_ name: String) -> Int? {
        guard case .number(let number)? = self[name] else { return nil }
        return Int(number.spelling)
    }
}
