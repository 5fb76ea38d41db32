import Bytes

/// The part of a message that is being looked at, by names alone.
struct AuditPlace {
    enum Part: String {
        case path, query, header, trailer, body
    }

    /// Longer names are cut in reports.
    static let longestName = 64

    var part = Part.body
    private var name: [UInt8] = []

    mutating func enter(_ part: Part) {
        self.part = part
        name.removeAll(keepingCapacity: true)
    }

    mutating func enter(_ part: Part, name span: Span<UInt8>) {
        enter(part)
        name.append(contentsOf: span.extracting(first: Self.longestName))
    }

    /// Whether what stands here is random and no secret, as far as the place tells.
    var holdsIdentifiers: Bool { part == .path || UnknownSecret.isHarmless(field: name.span) }

    /// Names come from messages: what could be a value, or harm a terminal, is left out.
    var description: String {
        let isPlain = name.allSatisfy {
            $0.isWordByte || $0 == 0x2D || $0 == 0x2E || $0 == 0x5B || $0 == 0x5D
        }
        guard isPlain, !name.isEmpty else { return part.rawValue }
        return part.rawValue + " " + String(decoding: name, as: UTF8.self)
    }
}
