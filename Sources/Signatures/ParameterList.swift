import Bytes

/// The parameters of a query or a form, as written and decoded (WHATWG URL, section 5.1).
struct ParameterList {
    struct Parameter {
        /// Where name and value stand, undecoded.
        var nameRange: Range<Int>
        var valueRange: Range<Int>
        var name: [UInt8]
        var value: [UInt8]

        /// What goes to the place of the value for another one; the sign before it too, where it is not there.
        func spelling(of value: [UInt8]) -> [UInt8] {
            (nameRange.upperBound == valueRange.lowerBound ? [0x3D] : []) + PercentEncoding.encode(value)
        }
    }

    var parameters: [Parameter] = []

    init(_ text: Span<UInt8>) {
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: 0x26, from: start) ?? text.count
            if end > start {
                var equals = start
                while equals < end, text[equals] != 0x3D { equals += 1 }
                let value = min(equals + 1, end)..<end
                parameters.append(
                    Parameter(
                        nameRange: start..<equals,
                        valueRange: value,
                        name: PercentEncoding.decode(text.extracting(start..<equals), plusIsBlank: true),
                        value: PercentEncoding.decode(text.extracting(value), plusIsBlank: true)
                    )
                )
            }
            start = end + 1
        }
    }

    func first(_ name: [UInt8]) -> Parameter? { parameters.first { $0.name == name } }

    /// Names and values, sorted, each pair once, without anything between them: how Twilio signs a form.
    var sortedPairs: [UInt8] {
        let sorted = parameters.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
        var text: [UInt8] = []
        var last: Parameter?
        for parameter in sorted {
            if let last, last.name == parameter.name, last.value == parameter.value { continue }
            text += parameter.name + parameter.value
            last = parameter
        }
        return text
    }

    /// `name=value` sorted and without anything between them, repeated values joined by commas, `leftOut` left out:
    /// how Shopify signs what its proxy asks for.
    func joinedPairs(leavingOut leftOut: [UInt8]?) -> [UInt8] {
        var names: [[UInt8]] = []
        var values: [[UInt8]: [UInt8]] = [:]
        for parameter in parameters where parameter.name != leftOut {
            if let known = values[parameter.name] {
                values[parameter.name] = known + [0x2C] + parameter.value
            } else {
                names.append(parameter.name)
                values[parameter.name] = parameter.value
            }
        }
        let pairs = names.map { $0 + [0x3D] + (values[$0] ?? []) }
        return Array(pairs.sorted { $0.lexicographicallyPrecedes($1) }.joined())
    }

    /// The parameters as they are written, sorted by name.
    static func sorted(_ text: Span<UInt8>) -> [UInt8] {
        let list = ParameterList(text)
        let sorted = list.parameters.enumerated().sorted {
            $0.element.name == $1.element.name
                ? $0.offset < $1.offset : $0.element.name.lexicographicallyPrecedes($1.element.name)
        }
        let all = Array(text)
        return Array(
            sorted.map { all[$0.element.nameRange.lowerBound..<$0.element.valueRange.upperBound] }
                .joined(separator: [0x26])
        )
    }
}

private func < (left: ([UInt8], [UInt8]), right: ([UInt8], [UInt8])) -> Bool {
    left.0 == right.0 ? left.1.lexicographicallyPrecedes(right.1) : left.0.lexicographicallyPrecedes(right.0)
}
