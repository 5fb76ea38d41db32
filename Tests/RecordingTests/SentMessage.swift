import Messages
import SeededRandom

/// A message as a sender made it: what it says, and what stands on the wire.
struct SentMessage {
    /// Its connection and its place there, as its head says.
    let name: String
    let head: [UInt8]
    /// Without transfer coding.
    let body: [UInt8]
    let wire: [UInt8]

    fileprivate enum Framing {
        case none
        case length
        /// A length, and no body: the answer to HEAD.
        case promised
        case chunked(trailers: Bool)
        case untilClose

        static func any(using generator: inout SeededGenerator) -> Framing {
            generator.one(in: 2) ? .length : .chunked(trailers: generator.one(in: 3))
        }
    }

    fileprivate init(_ name: String, start: String, framing: Framing, using generator: inout SeededGenerator)
    {
        self.name = name
        let count = Int.random(in: 0...(generator.one(in: 4) ? 900 : 120), using: &generator)
        // Line ends among them: what a reader looks for behind a hole.
        let text = (0..<count).map { _ in
            generator.one(in: 30) ? UInt8(0x0A) : UInt8.random(in: 0x61...0x7A, using: &generator)
        }
        var fields = "X-Name: \(name)\r\n"
        var wire: [UInt8] = []
        switch framing {
        case .none, .promised: body = []
        default: body = text
        }
        switch framing {
        case .none: break
        case .promised: fields += "Content-Length: \(count)\r\n"
        case .length:
            fields += "Content-Length: \(count)\r\n"
            wire = text
        case .untilClose:
            fields += "Connection: close\r\n"
            wire = text
        case .chunked(let hasTrailers):
            fields += "Transfer-Encoding: chunked\r\n"
            var rest = text[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(Int.random(in: 1...200, using: &generator))
                wire += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]
                rest = rest.dropFirst(chunk.count)
            }
            wire += Array("0\r\n\(hasTrailers ? "X-Sum: 1\r\n" : "")\r\n".utf8)
        }
        head = Array("\(start)\r\n\(fields)\r\n".utf8)
        self.wire = head + wire
    }
}

/// The two messages of an exchange, of any framing that both ends agree on; the last one may end with the connection.
struct SentExchange {
    let request: SentMessage
    let response: SentMessage

    init(_ name: String, isLast: Bool, using generator: inout SeededGenerator) {
        let method = ["GET", "HEAD", "POST", "PUT", "DELETE"].randomElement(using: &generator) ?? "GET"
        request = SentMessage(
            name,
            start: "\(method) /\(name) HTTP/1.1",
            framing: method == "POST" || method == "PUT" ? .any(using: &generator) : .none,
            using: &generator
        )
        let isEmpty = generator.one(in: 8)
        let framing: SentMessage.Framing
        switch (isEmpty, method) {
        case (true, _): framing = .none
        case (false, "HEAD"): framing = .promised
        default: framing = isLast && generator.one(in: 2) ? .untilClose : .any(using: &generator)
        }
        let status = isEmpty ? "204 No Content" : "200 OK"
        response = SentMessage(name, start: "HTTP/1.1 \(status)", framing: framing, using: &generator)
    }

    func message(_ kind: MessageKind) -> SentMessage { kind == .request ? request : response }
}
