import ArgumentParser

/// A length of time on the command line: `250ms`, `10s`, `1h30m`.
struct DurationArgument: ExpressibleByArgument, Equatable {
    /// Never negative.
    var nanoseconds: Int64

    init?(argument: String) {
        guard let nanoseconds = Self.parse(argument) else { return nil }
        self.nanoseconds = nanoseconds
    }

    static let units: [(name: String, nanoseconds: Double)] = [
        ("ms", 1e6), ("us", 1e3), ("ns", 1), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9),
    ]

    private static func parse(_ text: String) -> Int64? {
        var rest = Substring(text)
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard let value = Double(number), let unit = units.first(where: { $0.name == name }) else {
                return nil
            }
            total += value * unit.nanoseconds
        }
        // A century is more than any run lasts, and well inside the range of nanoseconds.
        guard total <= 3.2e18 else { return nil }
        return Int64(total)
    }
}
