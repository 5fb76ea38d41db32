import Glibc

/// A blocking connection to loopback that sends bytes as given and reads answers by hand.
package struct RawConnection {
    package struct Answer {
        package var status: Int
        package var fields: [(name: String, value: String)]
        package var body = ""

        package var names: [String] { fields.map(\.name) }

        package func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    private let descriptor: Owned
    private var buffer: [UInt8] = []

    /// Closes the descriptor with its last owner.
    private final class Owned {
        let number: Int32
        init(_ number: Int32) { self.number = number }
        deinit { close(number) }
    }

    package init(port: Int) throws {
        descriptor = Owned(try Loopback.connect(UInt16(port)))
    }

    package mutating func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    package mutating func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Loopback.Failure(operation: "send") }
            sent += count
        }
    }

    package func closeOutput() {
        shutdown(descriptor.number, Int32(SHUT_WR))
    }

    /// Makes the close that follows a reset.
    package func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor.number,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout.size(ofValue: linger))
        )
    }

    /// Reads one answer with its body.
    package mutating func receive(isHead: Bool = false) throws -> Answer {
        var answer = try receiveHead()
        // No body follows these (RFC 9112, section 6.3).
        if isHead || answer.status == 204 || answer.status == 304 { return answer }
        if let length = answer.field("Content-Length").flatMap({ Int($0) }) {
            while buffer.count < length { try fill() }
            answer.body = take(length)
        } else {
            while true {
                let chunk = try receiveChunk()
                if chunk.isEmpty { return answer }
                answer.body += chunk
            }
        }
        return answer
    }

    /// Reads one chunk of an answer that goes on; empty at its end.
    package mutating func receiveChunk() throws -> String {
        let size = Int(try line().prefix { $0 != ";" }, radix: 16) ?? 0
        while buffer.count < size + 2 { try fill() }
        defer { _ = take(2) }
        return take(size)
    }

    /// Reads so many bytes as they are.
    package mutating func receiveBytes(_ count: Int) throws -> [UInt8] {
        while buffer.count < count { try fill() }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    package mutating func receiveInterim() throws -> Int {
        try receiveHead().status
    }

    @discardableResult package mutating func receiveHead() throws -> Answer {
        let parts = try line().split(separator: " ")
        var answer = Answer(status: parts.count > 1 ? Int(parts[1]) ?? 0 : 0, fields: [])
        while true {
            let text = try line()
            guard !text.isEmpty else { return answer }
            let field = text.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            answer.fields.append((String(field[0]), field.count > 1 ? String(field[1]) : ""))
        }
    }

    package mutating func receiveToEnd() throws -> String {
        while try more() {}
        return take(buffer.count)
    }

    package mutating func isAtEnd() throws -> Bool {
        try buffer.isEmpty && !more()
    }

    private mutating func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                return String(take(end + 1).utf8.dropLast(2)) ?? ""
            }
            try fill()
        }
    }

    private mutating func take(_ count: Int) -> String {
        defer { buffer.removeFirst(count) }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }

    private mutating func fill() throws {
        guard try more() else { throw Loopback.Failure(operation: "receive: the connection ended", code: 0) }
    }

    private mutating func more() throws -> Bool {
        var part = [UInt8](repeating: 0, count: 16_384)
        let count = recv(descriptor.number, &part, part.count, 0)
        guard count >= 0 else { throw Loopback.Failure(operation: "receive") }
        buffer += part.prefix(count)
        return count > 0
    }
}
