/// How the reading of a capture file ended; offsets count bytes from the start of the file.
package enum SavefileVerdict: Hashable, Sendable {
    /// The file ends after a whole record.
    case complete
    /// The file ends inside the record that starts at `offset`; all before it was delivered.
    case cut(offset: UInt64)
    /// What stands at `offset` cannot be followed; all before it was delivered.
    case damaged(offset: UInt64, SavefileDamage)
    /// There is not a single byte.
    case empty
    /// The file is not a capture.
    case foreign
    /// The file says that it is a capture, of a version that is not known here.
    case unsupported(major: UInt16, minor: UInt16)

    /// Whether the file is a capture of which at least the beginning could be read.
    package var isUsable: Bool {
        switch self {
        case .complete, .cut, .damaged: true
        case .empty, .foreign, .unsupported: false
        }
    }
}

/// What is wrong with a record of a capture file.
package enum SavefileDamage: Hashable, Sendable {
    /// A packet longer than ``SavefileLimits/packetLength``.
    case packetTooLong(UInt64)
    /// A block longer than ``SavefileLimits/blockLength``.
    case blockTooLong(UInt64)
    /// A block length that is too small for its type, or no multiple of four.
    case blockLength(UInt64)
    /// The length at the end of a block differs from that at its start.
    case trailingLength
    /// A packet that does not fit into its block.
    case packetBeyondBlock
    case optionsBeyondBlock
    /// A packet of an interface that was not described.
    case unknownInterface(UInt32)
    /// More interfaces than ``SavefileLimits/interfaces``.
    case tooManyInterfaces
    /// A section header without its byte-order magic.
    case byteOrder
    case sectionVersion(major: UInt16, minor: UInt16)
}

extension SavefileVerdict: CustomStringConvertible {
    package var description: String {
        switch self {
        case .complete: "complete"
        case .cut(let offset): "cut off inside the record at byte \(offset)"
        case .damaged(let offset, let damage): "damaged at byte \(offset): \(damage)"
        case .empty: "empty"
        case .foreign: "neither a pcap nor a pcapng file"
        case .unsupported(let major, let minor): "a capture file of the unknown version \(major).\(minor)"
        }
    }
}

extension SavefileDamage: CustomStringConvertible {
    package var description: String {
        switch self {
        case .packetTooLong(let length): "a packet claims \(length) bytes"
        case .blockTooLong(let length): "a block claims \(length) bytes"
        case .blockLength(let length): "a block cannot be \(length) bytes long"
        case .trailingLength: "the two lengths of a block differ"
        case .packetBeyondBlock: "a packet is longer than the block around it"
        case .optionsBeyondBlock: "an option is longer than the block around it"
        case .unknownInterface(let number): "a packet names interface \(number), which is not described"
        case .tooManyInterfaces: "a section describes too many interfaces"
        case .byteOrder: "a section header has no byte order"
        case .sectionVersion(let major, let minor): "a section has the unknown version \(major).\(minor)"
        }
    }
}
