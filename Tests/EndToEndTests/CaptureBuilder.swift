import Foundation

/// Writes a capture file of HTTP exchanges: raw IPv4 packets with nanosecond times.
///
/// Just enough TCP for a reader that trusts nothing: handshake, data, acknowledgements, FIN.
struct CaptureBuilder {
    private var packets: [(time: Int64, bytes: [UInt8])] = []

    /// One TCP connection being written.
    struct Connection {
        var clientPort: UInt16
        var clientSequence: UInt32
        var serverSequence: UInt32
    }

    private let client: [UInt8] = [10, 9, 8, 7]
    private let server: [UInt8] = [10, 0, 0, 80]
    private let serverPort: UInt16 = 80

    mutating func open(port: UInt16, at time: Int64) -> Connection {
        var connection = Connection(
            clientPort: port,
            clientSequence: UInt32(port) &* 65_537,
            serverSequence: UInt32(port) &* 99_991
        )
        packet(connection, fromClient: true, flags: 0x02, [], at: time)
        connection.clientSequence &+= 1
        packet(connection, fromClient: false, flags: 0x12, [], at: time + 10_000)
        connection.serverSequence &+= 1
        packet(connection, fromClient: true, flags: 0x10, [], at: time + 20_000)
        return connection
    }

    mutating func send(_ connection: inout Connection, fromClient: Bool, _ text: String, at time: Int64) {
        send(&connection, fromClient: fromClient, Array(text.utf8), at: time)
    }

    mutating func send(_ connection: inout Connection, fromClient: Bool, _ bytes: [UInt8], at time: Int64) {
        for start in stride(from: 0, to: bytes.count, by: 1400) {
            let piece = Array(bytes[start..<min(start + 1400, bytes.count)])
            packet(connection, fromClient: fromClient, flags: 0x18, piece, at: time)
            if fromClient {
                connection.clientSequence &+= UInt32(piece.count)
            } else {
                connection.serverSequence &+= UInt32(piece.count)
            }
        }
    }

    mutating func close(_ connection: inout Connection, at time: Int64) {
        packet(connection, fromClient: true, flags: 0x11, [], at: time)
        connection.clientSequence &+= 1
        packet(connection, fromClient: false, flags: 0x11, [], at: time + 10_000)
        connection.serverSequence &+= 1
        packet(connection, fromClient: true, flags: 0x10, [], at: time + 20_000)
    }

    private mutating func packet(
        _ connection: Connection,
        fromClient: Bool,
        flags: UInt8,
        _ payload: [UInt8],
        at time: Int64
    ) {
        var bytes: [UInt8] = [0x45, 0]
        bytes.append(bigEndian: UInt16(40 + payload.count))
        bytes += [0, 0, 0x40, 0, 64, 6, 0, 0]
        bytes += fromClient ? client + server : server + client
        bytes.append(bigEndian: fromClient ? connection.clientPort : serverPort)
        bytes.append(bigEndian: fromClient ? serverPort : connection.clientPort)
        bytes.append(bigEndian: fromClient ? connection.clientSequence : connection.serverSequence)
        bytes.append(bigEndian: fromClient ? connection.serverSequence : connection.clientSequence)
        bytes += [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]
        packets.append((time, bytes + payload))
    }

    /// The capture file: packets in order of time, LINKTYPE_RAW, nanoseconds.
    func file() -> Data {
        var file: [UInt8] = []
        for word: UInt32 in [0xA1B2_3C4D, 0x0004_0002, 0, 0, 262_144, 101] { file.append(littleEndian: word) }
        for packet in packets.sorted(by: { $0.time < $1.time }) {
            file.append(littleEndian: UInt32(packet.time / 1_000_000_000))
            file.append(littleEndian: UInt32(packet.time % 1_000_000_000))
            file.append(littleEndian: UInt32(packet.bytes.count))
            file.append(littleEndian: UInt32(packet.bytes.count))
            file += packet.bytes
        }
        return Data(file)
    }
}

extension CaptureBuilder {
    /// `count` exchanges spread evenly over `seconds` and over `connections`, one POST and one 200 each.
    static func steady(count: Int, seconds: Int64, connections: Int) -> CaptureBuilder {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000 * 1_000_000_000
        var lanes = (0..<connections).map { builder.open(port: UInt16(20_000 + $0), at: start - 1_000_000) }
        let step = seconds * 1_000_000_000 / Int64(count)
        for number in 0..<count {
            let time = start + Int64(number) * step
            let body = #"{"number":\#(number),"state":"open"}"#
            let lane = number % connections
            builder.send(
                &lanes[lane],
                fromClient: true,
                "POST /hook?n=\(number) HTTP/1.1\r\nHost: hooks\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: time
            )
            builder.send(
                &lanes[lane],
                fromClient: false,
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
                at: time + 300_000
            )
        }
        for lane in lanes.indices {
            builder.close(&lanes[lane], at: start + seconds * 1_000_000_000 + 1_000_000)
        }
        return builder
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
