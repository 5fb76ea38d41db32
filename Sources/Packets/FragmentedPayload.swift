import Bytes

/// What has been seen of the payload of one packet.
struct FragmentedPayload: Sendable {
    let serial: UInt64
    let since: PacketTime
    private(set) var bytes: [UInt8] = []
    /// The parts of `bytes` that have been seen, in order, with holes between them.
    private(set) var parts: [Range<Int>] = []
    private var number: UInt8?
    private var end: Int?
    private var packets: UInt64 = 0

    init(serial: UInt64, since: PacketTime) {
        self.serial = serial
        self.since = since
    }

    var isWhole: Bool { end.map { parts == [0..<$0] } ?? false }

    mutating func add(_ fragment: IPFragment, _ part: Span<UInt8>, packets count: UInt64) {
        packets &+= count
        if fragment.offset == 0, number == nil { number = fragment.number }
        if fragment.isLast, end == nil {
            end = fragment.offset + part.count
            trim()
        }
        let upper = min(fragment.offset + part.count, end ?? .max)
        guard fragment.offset < upper else { return }
        let range = fragment.offset..<upper
        if bytes.count < upper { bytes.append(contentsOf: repeatElement(0, count: upper - bytes.count)) }
        var cursor = range.lowerBound
        for known in parts where known.overlaps(range) {
            copy(part, cursor..<max(cursor, known.lowerBound), from: range.lowerBound)
            cursor = max(cursor, known.upperBound)
        }
        copy(part, cursor..<max(cursor, upper), from: range.lowerBound)
        insert(range)
    }

    func reassembled(as key: IPFragment.Key) -> ReassembledPayload {
        ReassembledPayload(key: key, number: number ?? key.number, bytes: bytes, packets: packets)
    }

    /// Leaves out what stands beyond the end.
    private mutating func trim() {
        guard let end, bytes.count > end else { return }
        bytes.removeLast(bytes.count - end)
        parts = parts.compactMap { $0.lowerBound < end ? $0.clamped(to: 0..<end) : nil }
    }

    private mutating func copy(_ part: Span<UInt8>, _ range: Range<Int>, from start: Int) {
        for index in range { bytes[index] = part[index - start] }
    }

    private mutating func insert(_ range: Range<Int>) {
        var lower = range.lowerBound
        var upper = range.upperBound
        let touching = parts.indices.filter { parts[$0].upperBound >= lower && parts[$0].lowerBound <= upper }
        for index in touching {
            lower = min(lower, parts[index].lowerBound)
            upper = max(upper, parts[index].upperBound)
        }
        let place = touching.first ?? parts.firstIndex { $0.lowerBound > upper } ?? parts.endIndex
        parts.replaceSubrange(place..<place + touching.count, with: [lower..<upper])
    }
}
