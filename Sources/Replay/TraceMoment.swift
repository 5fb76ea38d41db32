package import Packets

/// A moment of recorded time, as given to `--from` and `--to`.
package enum TraceMoment: Hashable, Sendable {
    /// Nanoseconds after the first message of the trace.
    case offset(Int64)
    case absolute(PacketTime)

    /// Reads an offset such as `10s`, `250ms` or `1h30m`, or nanoseconds since 1970 without a unit.
    package init(_ text: String) throws(UnreadableValue) {
        if let nanoseconds = Int64(text), nanoseconds >= 0 {
            self = .absolute(PacketTime(nanoseconds: nanoseconds))
            return
        }
        guard let offset = Self.offset(Substring(text)) else {
            throw UnreadableValue(
                text: text,
                kind: "moment of the trace",
                reason: "give an offset like 10s or 1h30m, or nanoseconds since 1970"
            )
        }
        self = .offset(offset)
    }

    /// The moment in the clock of a trace whose first message began at `origin`.
    package func time(origin: PacketTime) -> PacketTime {
        switch self {
        case .offset(let nanoseconds): origin.advanced(by: nanoseconds)
        case .absolute(let time): time
        }
    }

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9),
    ]

    /// Reads lengths of time one behind the other, such as `1h30m`, as nanoseconds; never negative.
    static func offset(_ text: Substring) -> Int64? {
        var rest = text
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { "0123456789.".contains($0) }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let value = Double(plainDecimal: number), let unit = units.first(where: { $0.name == name })
            else { return nil }
            total += value * unit.nanoseconds
        }
        return total < 9e18 ? Int64(total) : nil
    }
}
