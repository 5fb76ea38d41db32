import Bytes

/// The TCP sockets of a network namespace, as /proc/PID/net/tcp and tcp6 list them.
package enum TCPTable {
    /// One socket.
    package struct Row: Hashable, Sendable {
        package var state: UInt8
        /// Bytes that were written and that the other side has not acknowledged.
        package var sendQueue: UInt64
        /// Bytes that have arrived and that nobody has read; of a socket that listens, connections that nobody has accepted.
        package var receiveQueue: UInt64
        /// By which the descriptors of processes name it; 0 where none holds it any more.
        package var inode: UInt64
    }

    /// Rows read of one table.
    package static let limit = 1 << 18

    /// Hands over each row in turn; lines that are none are passed over. O(n).
    package static func read(_ text: Span<UInt8>, _ take: (Row) -> Void) {
        var start = 0
        var count = 0
        while start < text.count, count < limit {
            let end = text.firstIndex(of: 0x0A, from: start) ?? text.count
            if let row = Row(text.extracting(start..<end)) {
                take(row)
                count += 1
            }
            start = end + 1
        }
    }

    /// The inode in `socket:[123]`, where a descriptor of a socket leads; `nil` for others.
    package static func inode(of link: String?) -> UInt64? {
        guard let link, link.hasPrefix("socket:["), link.hasSuffix("]") else { return nil }
        return UInt64(link.dropFirst(8).dropLast())
    }
}

extension TCPTable.Row {
    /// `sl local remote st tx:rx tr:when retrnsmt uid timeout inode …`, numbers but for the last three in hexadecimal.
    fileprivate init?(_ line: Span<UInt8>) {
        self.init(state: 0, sendQueue: 0, receiveQueue: 0, inode: 0)
        var place = 0
        for field in 0...9 {
            while place < line.count, line[place] == 0x20 { place += 1 }
            let start = place
            while place < line.count, line[place] != 0x20 { place += 1 }
            let word = line.extracting(start..<place)
            switch field {
            case 3:
                guard let state = Self.number(word, base: 16).flatMap({ UInt8(exactly: $0) }) else {
                    return nil
                }
                self.state = state
            case 4:
                guard let colon = word.firstIndex(of: 0x3A),
                    let sent = Self.number(word.extracting(0..<colon), base: 16),
                    let received = Self.number(word.extracting((colon + 1)..<word.count), base: 16)
                else { return nil }
                (sendQueue, receiveQueue) = (sent, received)
            case 9:
                guard let inode = Self.number(word, base: 10) else { return nil }
                self.inode = inode
            default: guard !word.isEmpty else { return nil }
            }
        }
    }

    /// `nil` where there is no digit, another sign, or more digits than the number has room for.
    private static func number(_ word: Span<UInt8>, base: UInt64) -> UInt64? {
        guard (1...16).contains(word.count) else { return nil }
        var value: UInt64 = 0
        for index in word.indices {
            let digit: UInt64
            switch word[index] {
            case 0x30...0x39: digit = UInt64(word[index] - 0x30)
            case 0x41...0x46: digit = UInt64(word[index] - 0x41) + 10
            case 0x61...0x66: digit = UInt64(word[index] - 0x61) + 10
            default: return nil
            }
            guard digit < base else { return nil }
            value = value &* base &+ digit
        }
        return value
    }
}

/// What the TCP sockets of processes hold at one moment.
package struct SocketSample: Hashable, Sendable {
    /// Those that are open, or on their way to it or from it.
    package var connections: UInt64 = 0
    /// Connections that the kernel has taken and the processes have not.
    package var unaccepted: UInt64 = 0
    /// Bytes that have arrived and were not read.
    package var unread: UInt64 = 0
    /// Bytes that were written and not acknowledged by the other side.
    package var unacknowledged: UInt64 = 0

    /// `TCP_CLOSE` and `TCP_LISTEN` of the kernel's states.
    private static let (closed, listens): (UInt8, UInt8) = (0x07, 0x0A)

    package init() {}

    package mutating func add(_ row: TCPTable.Row) {
        switch row.state {
        case Self.closed: return
        case Self.listens: unaccepted &+= row.receiveQueue
        default:
            connections += 1
            unread &+= row.receiveQueue
            unacknowledged &+= row.sendQueue
        }
    }
}
