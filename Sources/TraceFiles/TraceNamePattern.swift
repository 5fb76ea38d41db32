import Glibc
package import Packets

/// The name of a trace file with places for the time at which it was begun, in UTC.
///
/// The places are those of strftime(3) that give a fixed number of digits, so that names sort by time and a name tells
/// whether it was made from the pattern: `%Y` year, `%m` month, `%d` day, `%j` day of the year, `%H` hour, `%M` minute,
/// `%S` second, `%y` year in two digits, `%F` for `%Y-%m-%d`, `%s` seconds since 1970; `%%` is a percent sign. Only
/// the last component of a path has places. Where a name is taken, `-1`, `-2`, … goes in front of its ending.
package struct TraceNamePattern: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case text(String)
        case place(Character)
    }

    /// The folder with its last `/`; empty for the current one.
    package let folder: String
    /// The name up to its ending, and the ending: `.trace.gz`, or what follows the last dot.
    private let pieces: [Piece]
    private let ending: [Piece]

    /// Reads a pattern.
    package init(_ path: String) throws(TraceNameError) {
        let slash = path.lastIndex(of: "/")
        folder = slash.map { String(path[...$0]) } ?? ""
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        let split = Self.startOfEnding(name)
        pieces = try Self.pieces(name[..<split], of: path)
        ending = try Self.pieces(name[split...], of: path)
    }

    private init(folder: String, pieces: [Piece], ending: [Piece]) {
        self.folder = folder
        self.pieces = pieces
        self.ending = ending
    }

    /// The pattern itself, or one with `-%Y%m%d-%H%M%S` before its ending where it has no place for a time.
    package var withTime: TraceNamePattern {
        let isTimed = (pieces + ending).contains { piece in
            if case .place = piece { true } else { false }
        }
        if isTimed { return self }
        let time: [Piece] = [
            .text("-"), .place("Y"), .place("m"), .place("d"), .text("-"), .place("H"), .place("M"),
            .place("S"),
        ]
        return TraceNamePattern(folder: folder, pieces: pieces + time, ending: ending)
    }

    /// The path for a file that is begun at `time`; `collision` counts the names that were taken.
    package func path(at time: PacketTime, collision: Int = 0) -> String {
        let suffix = collision > 0 ? "-\(collision)" : ""
        return folder + Self.text(pieces, at: time) + suffix + Self.text(ending, at: time)
    }

    /// Whether a file name, without its folder, can have been made from the pattern.
    package func matches(_ name: String) -> Bool {
        Self.match(pieces, Array(name.utf8)[...]) { rest in
            if Self.match(ending, rest, then: \.isEmpty) { return true }
            guard rest.first == UInt8(ascii: "-") else { return false }
            let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            return !digits.isEmpty && Self.match(ending, rest.dropFirst(1 + digits.count), then: \.isEmpty)
        }
    }

    private static func startOfEnding(_ name: String) -> String.Index {
        let usual = ".trace.gz"
        if name.hasSuffix(usual) { return name.index(name.endIndex, offsetBy: -usual.count) }
        return name.lastIndex(of: ".") ?? name.endIndex
    }

    private static func pieces(_ text: Substring, of path: String) throws(TraceNameError) -> [Piece] {
        var pieces: [Piece] = []
        var literal = ""
        var rest = text
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            guard let place = rest.popFirst() else { throw TraceNameError(path: path, place: "%") }
            if place == "%" {
                literal.append("%")
                continue
            }
            guard widths[place] != nil else { throw TraceNameError(path: path, place: "%\(place)") }
            if !literal.isEmpty { pieces.append(.text(literal)) }
            literal = ""
            pieces.append(.place(place))
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        return pieces
    }

    /// How wide each place is; seconds since 1970 grow.
    private static let widths: [Character: ClosedRange<Int>] = [
        "Y": 4...4, "y": 2...2, "m": 2...2, "d": 2...2, "j": 3...3, "H": 2...2, "M": 2...2, "S": 2...2,
        "F": 10...10, "s": 1...19,
    ]

    private static func text(_ pieces: [Piece], at time: PacketTime) -> String {
        var seconds = time_t(time.nanoseconds / 1_000_000_000)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let literal): text += literal
            case .place("s"): text += "\(seconds)"
            case .place(let place): text += Self.text(place, fields)
            }
        }
        return text
    }

    private static func text(_ place: Character, _ fields: tm) -> String {
        var fields = fields
        var bytes = [CChar](repeating: 0, count: 32)
        let count = strftime(&bytes, bytes.count, "%\(place)", &fields)
        return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the pieces can be read off the front of `bytes` so that `rest` takes what is left.
    private static func match(
        _ pieces: [Piece],
        _ bytes: ArraySlice<UInt8>,
        then rest: (ArraySlice<UInt8>) -> Bool
    ) -> Bool {
        var bytes = bytes
        for piece in pieces {
            switch piece {
            case .text(let literal):
                guard bytes.starts(with: literal.utf8) else { return false }
                bytes = bytes.dropFirst(literal.utf8.count)
            case .place(let place):
                guard let width = widths[place] else { return false }
                let taken = bytes.prefix(width.upperBound).prefix {
                    (0x30...0x39).contains($0) || (place == "F" && $0 == UInt8(ascii: "-"))
                }
                guard taken.count >= width.lowerBound else { return false }
                bytes = bytes.dropFirst(taken.count)
            }
        }
        return rest(bytes)
    }
}

/// A name of a trace with a place that is not one of ``TraceNamePattern``.
package struct TraceNameError: Error, Hashable, Sendable, CustomStringConvertible {
    package var path: String
    package var place: String

    package var description: String {
        "\(path) has \(place), which is no place for a time in a name; "
            + "these are: %Y %m %d %j %H %M %S %y %F %s, and %% for a percent sign"
    }
}
