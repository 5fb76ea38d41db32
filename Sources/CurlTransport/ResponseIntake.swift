import Messages
import Replay
import Transports

/// What has arrived of one response: heads line by line, the body without its transfer coding.
struct ResponseIntake {
    private enum Place {
        case head, body
    }

    private let isKeeping: Bool
    private let bodyLimit: Int
    private let headLimit: Int
    private var place = Place.head
    private var headBytes = 0
    /// The status in the head that is being read.
    private var status: UInt16 = 0
    private var isFirstLine = true

    private(set) var head: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var trailers: [UInt8] = []
    private(set) var bodyLength: UInt64 = 0
    private(set) var firstByte: MonotonicTime?
    private(set) var hasFinalHead = false

    init(isKeeping: Bool, limits: ReplayLimits) {
        self.isKeeping = isKeeping
        bodyLimit = limits.responseBody
        headLimit = limits.responseHead
    }

    /// Makes ready for the next response, keeping the memory.
    mutating func reset() {
        place = .head
        headBytes = 0
        status = 0
        isFirstLine = true
        head.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
        trailers.removeAll(keepingCapacity: true)
        bodyLength = 0
        firstByte = nil
        hasFinalHead = false
    }

    /// Takes one line of a head or a trailer section, line end included; `false` when the limit is passed.
    mutating func line(_ line: UnsafeRawBufferPointer) -> Bool {
        if firstByte == nil, isKeeping { firstByte = MonotonicClock.now }
        headBytes += line.count
        guard headBytes <= headLimit else { return false }
        let isEmpty = line.count <= 2 && line.allSatisfy { $0 == 0x0D || $0 == 0x0A }
        guard place == .head else {
            if isKeeping, !isEmpty { trailers.append(contentsOf: line) }
            return true
        }
        if isFirstLine {
            status = Self.status(line)
            isFirstLine = false
        }
        if isKeeping { head.append(contentsOf: line) }
        guard isEmpty else { return true }
        if (100..<200).contains(status), status != 101 {
            // Interim responses are over with their head (RFC 9110, section 15.2); the final one follows.
            head.removeAll(keepingCapacity: true)
            isFirstLine = true
        } else {
            place = .body
            hasFinalHead = true
        }
        return true
    }

    mutating func content(_ bytes: UnsafeRawBufferPointer) {
        bodyLength &+= UInt64(bytes.count)
        guard isKeeping, body.count < bodyLimit else { return }
        body.append(contentsOf: bytes.prefix(bodyLimit - body.count))
    }

    /// The response so far, or `nil` where its final head has not arrived as a whole.
    func response(isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        guard hasFinalHead, let firstByte else { return nil }
        var flags: MessageFlags = []
        if UInt64(body.count) < bodyLength { flags.insert(.truncated) }
        if !isWhole { flags.insert(.incomplete) }
        return ObservedResponse(
            head: head,
            body: body,
            bodyLength: bodyLength,
            trailers: trailers,
            flags: flags,
            start: clock.wall(firstByte)
        )
    }

    /// The three digits after the first blank of a status line; 0 where there are none.
    private static func status(_ line: UnsafeRawBufferPointer) -> UInt16 {
        guard let blank = line.firstIndex(of: 0x20), line.count >= blank + 4 else { return 0 }
        var status: UInt16 = 0
        for digit in line[(blank + 1)..<(blank + 4)] {
            guard (0x30...0x39).contains(digit) else { return 0 }
            status = status * 10 + UInt16(digit - 0x30)
        }
        return status
    }
}
