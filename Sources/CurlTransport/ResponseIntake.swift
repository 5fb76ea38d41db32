import Bytes
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
    /// What the head that is being read says of the body; `nil` where it does not say it.
    private var saysEventStream: Bool?
    private var saysReadable: Bool?

    private(set) var head: [UInt8] = []
    private(set) var body: [UInt8] = []
    private(set) var trailers: [UInt8] = []
    private(set) var bodyLength: UInt64 = 0
    private(set) var firstByte: MonotonicTime?
    private(set) var hasFinalHead = false
    /// It comes in HTTP/2.
    private(set) var isHTTP2 = false
    /// The body is there to its end.
    var hasEnded = false
    /// Takes the body, where that is server-sent events.
    var events: ReplayedEventStream?
    /// The parts of a stream that is over, where they are kept.
    var log: StreamLog?

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
        if isKeeping {
            head.removeAll(keepingCapacity: true)
            body.removeAll(keepingCapacity: body.capacity <= 1 << 16)
            trailers.removeAll(keepingCapacity: true)
        }
        bodyLength = 0
        firstByte = nil
        hasFinalHead = false
        isHTTP2 = false
        saysEventStream = nil
        saysReadable = nil
        hasEnded = false
        events = nil
        log = nil
    }

    /// Whether the final head begins server-sent events, by the rule of `Head.isEventStream`.
    var beginsEventStream: Bool {
        hasFinalHead && (200...299).contains(status) && saysEventStream == true
    }

    /// Whether the body has no content coding.
    var isReadable: Bool { saysReadable ?? true }

    /// The status of the final head; 0 before it.
    var finalStatus: UInt16 { hasFinalHead ? status : 0 }

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
            isHTTP2 = line.starts(with: "HTTP/2 ".utf8)
            if isHTTP2 {
                // What libcurl makes of it is not what others read.
                if isKeeping {
                    head.append(contentsOf: "HTTP/1.1 ".utf8)
                    head.append(contentsOf: line.dropFirst(7))
                }
                return true
            }
        } else if let first = line.first, first | 0x20 == 0x63 {
            noteContent(line.bindMemory(to: UInt8.self).span)
        }
        if isKeeping { head.append(contentsOf: line) }
        guard isEmpty else { return true }
        if (100..<200).contains(status), status != 101 {
            // Interim responses are over with their head (RFC 9110, section 15.2); the final one follows.
            head.removeAll(keepingCapacity: true)
            isFirstLine = true
            saysEventStream = nil
            saysReadable = nil
        } else {
            place = .body
            hasFinalHead = true
        }
        return true
    }

    /// Learns from a field what the body is; the first of a name counts.
    private mutating func noteContent(_ line: Span<UInt8>) {
        guard let colon = line.firstIndex(of: 0x3A) else { return }
        let name = line.extracting(first: colon)
        var (start, end) = (colon + 1, line.count)
        while start < end, line[start] <= 0x20 { start += 1 }
        while start < end, line[end - 1] <= 0x20 { end -= 1 }
        let value = line.extracting(start..<end)
        if saysEventStream == nil, name.equalsIgnoringCase("content-type") {
            saysEventStream = if case .eventStream = MediaType(value) { true } else { false }
        } else if saysReadable == nil, name.equalsIgnoringCase("content-encoding") {
            saysReadable = value.isEmpty || value.equalsIgnoringCase("identity")
        }
    }

    mutating func content(_ bytes: UnsafeRawBufferPointer) {
        bodyLength &+= UInt64(bytes.count)
        events?.receive(bytes.bindMemory(to: UInt8.self).span, at: MonotonicClock.now)
        guard isKeeping, body.count < bodyLimit else { return }
        body.append(contentsOf: bytes.prefix(bodyLimit - body.count))
    }

    /// The response so far, or `nil` where its final head has not arrived as a whole.
    func response(isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        guard hasFinalHead, let firstByte else { return nil }
        var flags: MessageFlags = []
        if UInt64(body.count) < bodyLength { flags.insert(.truncated) }
        // An event stream that was left went on.
        if !isWhole || beginsEventStream && !hasEnded { flags.insert(.incomplete) }
        return ObservedResponse(
            head: head,
            body: body,
            bodyLength: bodyLength,
            trailers: trailers,
            flags: flags,
            start: clock.wall(firstByte),
            parts: log?.parts { clock.wall($0) } ?? [],
            isHTTP2: isHTTP2
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
