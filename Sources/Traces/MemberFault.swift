/// Why a gzip member of a trace file cannot be used.
package enum MemberFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes do not start as a member of a trace does.
    case notAMember
    /// The extra field is missing or of another make.
    case extraField
    /// The header does not match its checksum.
    case headerChecksum
    /// A size is beyond ``TraceLimits``.
    case tooLarge
    /// The compressed bytes do not match their checksum.
    case dataChecksum
    /// The compressed bytes are no deflate stream, or not of the stated size.
    case deflate
    /// What came out does not match gzip's checksum or length.
    case trailer
    /// The records do not match the count or the times in the header.
    case contents
    case record(RecordFault)
    /// A whole member, but of another trace, or not where its number belongs.
    case outOfPlace
    /// The file ends inside the member.
    case cut
    /// The list of blocks, or the last member's way to it, does not hold together.
    case index

    package var description: String {
        switch self {
        case .notAMember: "no block of a trace starts here"
        case .extraField: "the block's extra field is missing or of another make"
        case .headerChecksum: "the block's header does not match its checksum"
        case .tooLarge: "the block claims more bytes than a trace may hold in one"
        case .dataChecksum: "the block's compressed bytes do not match their checksum"
        case .deflate: "the block's compressed bytes cannot be read"
        case .trailer: "the block's contents do not match their checksum or length"
        case .contents: "the block's records do not match what its header says of them"
        case .record(let fault): "a record in the block cannot be read: \(fault)"
        case .outOfPlace: "the block belongs to another trace or another place"
        case .cut: "the file ends inside the block"
        case .index: "the index does not hold together"
        }
    }
}

/// Why a record cannot be read, and where it stands in its block.
package struct RecordFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// The record ends before its fields do, or the block before the record.
        case cut
        /// A length is beyond ``TraceLimits``.
        case tooLong
        /// A type of which this version knows nothing and which must not be passed over.
        case unknownType(UInt8)
        /// A number that the field does not have.
        case badValue
    }

    package var reason: Reason
    /// Bytes of the inflated block before the record.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String {
        let what =
            switch reason {
            case .cut: "it ends early"
            case .tooLong: "it is longer than a record may be"
            case .unknownType(let type): "this version does not know its type \(type)"
            case .badValue: "one of its fields has a value that the format does not know"
            }
        return "\(what) (byte \(offset) of the inflated block)"
    }
}
