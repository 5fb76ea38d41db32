import ArgumentParser

/// A part of a whole on the command line: `10%`, `150%`, `0.1`.
struct ShareArgument: ExpressibleByArgument, Equatable {
    /// 1 is the whole.
    var value: Double

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        let digits = isPercent ? argument.dropLast() : Substring(argument)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits), number.isFinite
        else { return nil }
        value = isPercent ? number / 100 : number
    }
}
