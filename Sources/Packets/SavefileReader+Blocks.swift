import Bytes

/// Types of pcapng blocks (pcapng draft, section 11.1).
enum BlockType {
    /// Reads the same in both byte orders.
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    static let interfaceDescription: UInt32 = 1
    /// The obsolete packet block.
    static let packet: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let nameResolution: UInt32 = 4
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
    static let decryptionSecrets: UInt32 = 10
    static let custom: UInt32 = 0x0000_0BAD
    static let customNotToCopy: UInt32 = 0x4000_0BAD
}

/// A block of which only the frame matters.
struct PassedBlock: Sendable {
    /// Where the block started in the file.
    let start: UInt64
    let length: UInt32
    /// How many bytes stand before the length at the end.
    var remaining: Int
}

extension SavefileReader {
    /// Bytes of a section header up to its options.
    private static let sectionHeaderLength = 24

    /// Every block: type, length, body, length again.
    mutating func block(_ order: ByteOrder, _ window: Span<UInt8>, _ cursor: Int) -> Advance {
        let available = window.count - cursor
        guard available >= 8 else { return .needs(8) }
        let type = order.load(UInt32.self, window, at: cursor)
        if type == BlockType.sectionHeader { return sectionHeader(window, cursor, isFirst: false) }
        let length = order.load(UInt32.self, window, at: cursor + 4)
        guard let minimum = minimumLength(type) else {
            guard length >= 12, length % 4 == 0 else { return damaged(.blockLength(UInt64(length))) }
            if Self.hasNotes(type) {
                if length <= limits.noteBlockLength {
                    guard available >= Int(length) else { return .needs(Int(length)) }
                    takeNotes(type, order, window, cursor + 8..<cursor + Int(length) - 4)
                } else {
                    notes.leaveOut()
                }
            }
            count(type)
            let passed = PassedBlock(start: offset, length: length, remaining: Int(length) - 12)
            return .consumed(8, .passing(passed, order))
        }
        guard length >= minimum, length % 4 == 0 else { return damaged(.blockLength(UInt64(length))) }
        guard length <= limits.blockLength else { return damaged(.blockTooLong(UInt64(length))) }
        guard available >= Int(length) else { return .needs(Int(length)) }
        let end = cursor + Int(length) - 4
        guard order.load(UInt32.self, window, at: end) == length else { return damaged(.trailingLength) }
        let body = cursor + 8..<end
        switch type {
        case BlockType.interfaceDescription: return interfaceDescription(order, window, body)
        case BlockType.simplePacket: return simplePacket(order, window, body)
        case BlockType.enhancedPacket: return enhancedPacket(order, window, body, isObsolete: false)
        default: return enhancedPacket(order, window, body, isObsolete: true)
        }
    }

    /// The shortest that a block which must be held whole can be; `nil` for those that are passed over.
    private func minimumLength(_ type: UInt32) -> UInt32? {
        switch type {
        case BlockType.interfaceDescription: 20
        case BlockType.simplePacket: 16
        case BlockType.enhancedPacket, BlockType.packet: 32
        default: nil
        }
    }

    private mutating func count(_ type: UInt32) {
        switch type {
        case BlockType.nameResolution: counts.nameBlocks &+= 1
        case BlockType.interfaceStatistics: counts.statisticsBlocks &+= 1
        case BlockType.decryptionSecrets: counts.secretsBlocks &+= 1
        case BlockType.custom, BlockType.customNotToCopy: counts.customBlocks &+= 1
        default: counts.unknownBlocks &+= 1
        }
    }

    /// Goes through the rest of a block as it comes, then compares the length at its end.
    mutating func pass(
        _ block: PassedBlock,
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        _ cursor: Int
    ) -> Advance {
        let available = window.count - cursor
        if block.remaining > 0 {
            guard available > 0 else { return .needs(1) }
            var rest = block
            let step = min(available, block.remaining)
            rest.remaining -= step
            return .consumed(step, .passing(rest, order))
        }
        guard available >= 4 else { return .needs(4) }
        guard order.load(UInt32.self, window, at: cursor) == block.length else {
            return .stop(.damaged(offset: block.start, .trailingLength))
        }
        return .consumed(4, .blocks(order))
    }

    /// Begins a section, which may have another byte order and has interfaces of its own.
    mutating func sectionHeader(_ window: Span<UInt8>, _ cursor: Int, isFirst: Bool) -> Advance {
        let available = window.count - cursor
        guard available >= 12 else { return .needs(12) }
        let order: ByteOrder
        switch window.bigEndian(UInt32.self, at: cursor + 8) {
        case 0x1A2B_3C4D: order = .big
        case 0x4D3C_2B1A: order = .little
        default: return isFirst ? .stop(.foreign) : damaged(.byteOrder)
        }
        guard available >= Self.sectionHeaderLength else { return .needs(Self.sectionHeaderLength) }
        let length = order.load(UInt32.self, window, at: cursor + 4)
        let major = order.load(UInt16.self, window, at: cursor + 12)
        let minor = order.load(UInt16.self, window, at: cursor + 14)
        // Some writers put 1.2 for what is 1.0 (pcapng draft, section 4.1).
        guard major == 1, minor == 0 || minor == 2 else {
            return isFirst
                ? .stop(.unsupported(major: major, minor: minor))
                : damaged(.sectionVersion(major: major, minor: minor))
        }
        guard length >= 28, length % 4 == 0 else { return damaged(.blockLength(UInt64(length))) }
        if length <= limits.noteBlockLength {
            guard available >= Int(length) else { return .needs(Int(length)) }
            let options = cursor + Self.sectionHeaderLength..<cursor + Int(length) - 4
            takeComments(order, window, in: options, on: .section)
        } else {
            notes.leaveOut()
        }
        counts.sections &+= 1
        interfaceBase &+= interfaces.count
        interfaces.removeAll(keepingCapacity: true)
        let remaining = Int(length) - Self.sectionHeaderLength - 4
        let passed = PassedBlock(start: offset, length: length, remaining: remaining)
        return .consumed(Self.sectionHeaderLength, .passing(passed, order))
    }

    func damaged(_ damage: SavefileDamage) -> Advance {
        .stop(.damaged(offset: offset, damage))
    }
}
