import JSON

extension ExecutionRule {
    /// Where a run says what its workflow was told to wait.
    package struct DelayPlace: Hashable, Sendable {
        /// The names of members on the way, of which the last tells the unit by its ending: `_ns`, `_us`, `_s`, `_seconds`,
        /// else milliseconds.
        package var path: [String]

        package init(path: [String]) {
            self.path = path
        }

        private var nanosecondsInUnit: Double {
            let name = path.last ?? ""
            if name.hasSuffix("_ns") { return 1 }
            if name.hasSuffix("_us") { return 1e3 }
            if name.hasSuffix("_s") || name.hasSuffix("_seconds") { return 1e9 }
            return 1e6
        }

        /// Nanoseconds; of a list, such as one for each step, the sum. `nil` where a run says nothing of it.
        func delay(of run: JSONValue) -> UInt64? {
            guard let value = run.value(at: path) else { return nil }
            switch value {
            case .number(let number): return nanoseconds(number)
            case .array(let elements):
                var sum: UInt64 = 0
                for case .number(let number) in elements {
                    sum = sum.addingReportingOverflow(nanoseconds(number) ?? 0).partialValue
                }
                return sum
            case .null, .bool, .string, .object: return nil
            }
        }

        private func nanoseconds(_ number: JSONNumber) -> UInt64? {
            guard let value = Double(number.spelling), value >= 0 else { return nil }
            return UInt64(min(value * nanosecondsInUnit, 1e18))
        }
    }
}
