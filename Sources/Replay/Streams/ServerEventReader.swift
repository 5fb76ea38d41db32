import Bytes

/// Reads server-sent events from bytes in any cut (HTML standard, section 9.2.6), and keeps of each what tells it from
/// others.
///
/// Nothing is held and nothing allocated. Lines end with CR LF, LF or CR; an event is there with the line end of the
/// empty line behind it.
package struct ServerEventReader: Sendable {
    /// What an empty line has ended.
    package enum Block: Hashable, Sendable {
        case event(EventKey)
        /// Comments, or fields that make no event: a sign of life.
        case other
    }

    private enum Place {
        /// The first byte of a line is next.
        case lineStart
        case name
        /// Behind the colon, where one space is left out.
        case valueStart
        case value
    }

    private enum Field {
        case event, data, id, other
    }

    private var place = Place.lineStart
    private var followsCarriageReturn = false
    /// The first bytes of the field's name, the last of them lowest.
    private var name: UInt64 = 0
    private var nameCount = 0
    private var field = Field.other
    /// How many bytes of a byte order mark may still come.
    private var markIndex = 0

    private var id = Digest()
    private var content = Digest()
    private var hasID = false
    private var idHasNull = false
    private var hasData = false
    private var isEmpty = true

    private static let byteOrderMark: [3 of UInt8] = [0xEF, 0xBB, 0xBF]

    package init() {}

    /// The next block that `bytes` end, from `offset` on, which moves past what was used; `nil` where they are used up.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> Block? {
        while offset < bytes.count {
            let byte = bytes[offset]
            offset &+= 1
            if markIndex < 3 {
                if byte == Self.byteOrderMark[markIndex] {
                    markIndex &+= 1
                    continue
                }
                markIndex = 3
            }
            if followsCarriageReturn, byte == 0x0A {
                followsCarriageReturn = false
                continue
            }
            followsCarriageReturn = byte == 0x0D
            if byte == 0x0A || byte == 0x0D {
                if let block = endLine() { return block }
            } else {
                take(byte)
            }
        }
        return nil
    }

    private mutating func take(_ byte: UInt8) {
        switch place {
        case .lineStart:
            isEmpty = false
            name = 0
            nameCount = 0
            place = .name
            take(byte)
        case .name:
            if byte == 0x3A {
                beginField()
                place = .valueStart
            } else {
                name = name << 8 | UInt64(byte)
                nameCount &+= 1
            }
        case .valueStart:
            place = .value
            if byte != 0x20 { append(byte) }
        case .value:
            append(byte)
        }
    }

    private mutating func beginField() {
        field =
            switch (nameCount, name) {
            case (4, 0x6461_7461): .data
            case (2, 0x6964): .id
            case (5, 0x65_7665_6E74): .event
            default: .other
            }
        switch field {
        case .data:
            hasData = true
            content.append(0x64)
        case .event: content.append(0x65)
        case .id:
            hasID = true
            idHasNull = false
            id = Digest()
        case .other: break
        }
    }

    private mutating func append(_ byte: UInt8) {
        switch field {
        case .data, .event: content.append(byte)
        case .id:
            if byte == 0 { idHasNull = true }
            id.append(byte)
        case .other: break
        }
    }

    private mutating func endLine() -> Block? {
        switch place {
        case .lineStart: return endBlock()
        case .name:
            // A name without a colon is a field with an empty value.
            beginField()
        case .valueStart, .value: break
        }
        if field == .data || field == .event { content.append(0x0A) }
        field = .other
        place = .lineStart
        return nil
    }

    private mutating func endBlock() -> Block? {
        defer {
            content = Digest()
            hasData = false
            hasID = false
            isEmpty = true
        }
        if isEmpty { return nil }
        guard hasData else { return .other }
        if hasID, !idHasNull { return .event(EventKey(digest: id.value, isID: true)) }
        return .event(EventKey(digest: content.value, isID: false))
    }
}

/// FNV-1a of 64 bits, byte by byte, mixed at the end; never 0.
private struct Digest: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func append(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

    var value: UInt64 {
        let mixed = (state ^ state >> 32) &* 0xD6E8_FEB8_6659_FD93
        return max(1, mixed ^ mixed >> 32)
    }
}
