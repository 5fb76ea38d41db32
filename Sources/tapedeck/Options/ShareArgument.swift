import ArgumentParser

/// A share on the command line: `5%`, `0.05`.
struct ShareArgument: ExpressibleByArgument, Equatable {
    /// More than 0.
    var value: Double

    init(value: Double) {
        self.value = value
    }

    init?(argument: String) {
        let isPercent = argument.last == "%"
        guard let number = Double(isPercent ? argument.dropLast() : argument[...]), number > 0,
            number.isFinite
        else { return nil }
        value = isPercent ? number / 100 : number
    }

    var defaultValueDescription: String { "\(value * 100)%" }
}
