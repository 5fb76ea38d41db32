import Bytes
import JSON

extension ExecutionRule.DeadLetters {
    /// The number in what the target says; `nil` where there is none.
    package func number(in body: Span<UInt8>) -> Double? {
        switch count {
        case .json(let names):
            guard var value = try? JSONValue(parsing: body, maximumCount: 100_000) else { return nil }
            for name in names { value = value[name] ?? .null }
            guard case .number(let number) = value else { return nil }
            return number.doubleValue.isFinite ? number.doubleValue : nil
        case .metric(let name):
            let samples = Exposition(body).samples.filter {
                $0.name == name || $0.name.hasPrefix(name + "{")
            }
            return samples.isEmpty ? nil : samples.reduce(0) { $0 + $1.value }
        }
    }
}
