import JSON
import Yams

extension RulesFileReader {
    func list(_ node: Node) throws(RulesFileError) -> [Node] {
        guard let sequence = node.sequence else { throw error(node, "a list is wanted here") }
        return Array(sequence)
    }

    /// Two numbers, the lesser first.
    func numbers(_ node: Node) throws(RulesFileError) -> ClosedRange<Double> {
        var numbers: [Double] = []
        for element in try list(node) {
            guard let number = element.scalar.flatMap({ Double($0.string) }), number.isFinite else {
                throw error(element, "a number is wanted here")
            }
            numbers.append(number)
        }
        guard numbers.count == 2, numbers[0] <= numbers[1] else {
            throw error(node, "two numbers are wanted here, the lesser first")
        }
        return numbers[0]...numbers[1]
    }

    /// A scalar as JSON has it: what is quoted is a text.
    func scalar(_ node: Node) throws(RulesFileError) -> JSONValue {
        guard let scalar = node.scalar else {
            throw error(node, "a text, a number, true, false or null is wanted here")
        }
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if let value = try? JSONValue(parsing: Array(scalar.string.utf8).span, maximumCount: 1) {
            return value
        }
        return .string(scalar.string)
    }
}
