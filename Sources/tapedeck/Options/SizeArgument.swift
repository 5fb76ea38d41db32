import ArgumentParser

/// A number of bytes on the command line: `64KiB`, `32MB`, `4096`.
struct SizeArgument: ExpressibleByArgument, Equatable {
    var bytes: UInt64

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = argument.dropFirst(digits.count).lowercased()
        guard let value = Double(digits), let factor = Self.factors[unit], value * factor <= 1e18 else {
            return nil
        }
        bytes = UInt64(value * factor)
    }

    private static let factors: [String: Double] = [
        "": 1, "b": 1, "k": 1e3, "kb": 1e3, "kib": 1024, "m": 1e6, "mb": 1e6, "mib": 1_048_576,
        "g": 1e9, "gb": 1e9, "gib": 1_073_741_824, "t": 1e12, "tb": 1e12, "tib": 1_099_511_627_776,
    ]
}
