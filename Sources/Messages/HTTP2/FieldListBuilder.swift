import Bytes
import HeaderCompression

/// Writes the fields of a header block as lines, and notes what they say about the message (RFC 9113, section 8).
///
/// A line is `name: value` CR LF. Nothing is left out and the order stays, with two exceptions that only a malformed
/// message needs (section 8.2.1): CR, LF and NUL in a value are written as spaces, as RFC 9110, section 5.5, lets a
/// recipient do, and a name that cannot stand before a colon is written as one that is not known. Both are flagged
/// `smuggling`, for other readers will have made something else of them.
struct FieldListBuilder: FieldSink {
    /// The name that is written where the name of a field cannot be known.
    static let unknownName: StaticString = ":unknown"

    /// What a pseudo-field is for.
    enum Pseudo {
        case method, scheme, authority, path, status
    }

    private(set) var bytes: [UInt8] = []
    private(set) var fields: [HeaderField] = []
    private(set) var flags: MessageFlags = []
    private(set) var framing = FramingFields()
    private(set) var method: ByteRange?
    private(set) var authority: ByteRange?
    private(set) var path: ByteRange?
    private(set) var status: ByteRange?
    /// More than the limits allow; what came after is not there.
    private(set) var isTooLong = false
    private let byteLimit: Int
    private let fieldLimit: Int

    init(limits: HTTPLimits) {
        byteLimit = limits.headBytes
        fieldLimit = limits.fieldCount
    }

    /// Empties it for the next block and keeps its storage.
    mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
        flags = []
        framing = FramingFields()
        method = nil
        authority = nil
        path = nil
        status = nil
        isTooLong = false
    }

    mutating func field(name: Span<UInt8>, value: Span<UInt8>) {
        guard !isTooLong, fields.count < fieldLimit,
            name.count &+ value.count &+ 4 <= byteLimit &- 2 &- bytes.count
        else {
            isTooLong = true
            return
        }
        let start = bytes.count
        let isKnown = Self.canStand(name)
        if isKnown {
            bytes.append(contentsOf: name)
        } else {
            flags.formUnion(name.isEmpty ? .unknownFields : [.unknownFields, .smuggling])
            Self.unknownName.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }
        let nameRange = ByteRange(start..<bytes.count)
        bytes.append(.colon)
        bytes.append(.space)
        let valueStart = bytes.count
        append(value)
        let valueRange = ByteRange(valueStart..<bytes.count)
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
        fields.append(HeaderField(name: nameRange, value: valueRange))
        if isKnown { note(name, value, at: valueRange) }
    }

    private mutating func append(_ value: Span<UInt8>) {
        guard value.firstControl(from: 0) != nil else { return bytes.append(contentsOf: value) }
        for index in value.indices {
            switch value[index] {
            case .carriageReturn, .lineFeed, 0:
                flags.insert(.smuggling)
                bytes.append(.space)
            default: bytes.append(value[index])
            }
        }
    }

    /// Whether a name can be told from its value in a line.
    private static func canStand(_ name: Span<UInt8>) -> Bool {
        guard !name.isEmpty, name.count > 1 || name[0] != .colon else { return false }
        for index in name.indices {
            let byte = name[index]
            if byte <= .space || byte == .delete || (byte == .colon && index > 0) { return false }
        }
        return true
    }

    private mutating func note(_ name: Span<UInt8>, _ value: Span<UInt8>, at range: ByteRange) {
        guard name[0] == .colon else {
            framing.note(name: name, value: value)
            // Fields of one connection have no place here; who turns this into HTTP/1 may pass them on
            // (RFC 9113, section 8.2.2).
            if framing.hasTransferEncoding { flags.insert(.smuggling) }
            return
        }
        if name.equals(":method") {
            set(\.method, range)
        } else if name.equals(":path") {
            set(\.path, range)
        } else if name.equals(":authority") {
            set(\.authority, range)
        } else if name.equals(":status") {
            set(\.status, range)
        }
    }

    private mutating func set(_ place: WritableKeyPath<Self, ByteRange?>, _ range: ByteRange) {
        if self[keyPath: place] == nil { self[keyPath: place] = range } else { flags.insert(.smuggling) }
    }

    /// The lines without those whose name cannot stand in a trailer section: pseudo-fields, and what is not known.
    var trailers: [UInt8] {
        var lines: [UInt8] = []
        for field in fields {
            let name = bytes.span.extracting(field.name.bounds)
            guard name.indices.allSatisfy({ name[$0].isTokenCharacter }) else { continue }
            lines.append(contentsOf: bytes[field.name.offset..<field.value.end &+ 2])
        }
        return lines
    }

    /// Ends the list with an empty line.
    mutating func close() {
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
    }
}
