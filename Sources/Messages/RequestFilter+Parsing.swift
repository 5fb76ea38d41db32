import Bytes

/// A filter expression that cannot be read, and where.
package struct FilterError: Error, Equatable, CustomStringConvertible {
    package var expression: String
    /// Counted in bytes from 1.
    package var position: Int
    package var reason: String

    package var description: String {
        "the filter '\(expression)' cannot be read at position \(position): \(reason)"
    }
}

extension RequestFilter {
    /// Reads a filter expression; the grammar stands at the type.
    package init(_ expression: String) throws(FilterError) {
        let bytes = Array(expression.utf8)
        var terms: [Term] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x20 || bytes[index] == 0x09 {
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { $0 == 0x20 || $0 == 0x09 } ?? bytes.count
            terms.append(try Self.term(bytes[index..<end], of: expression))
            index = end
        }
        guard !terms.isEmpty else {
            throw FilterError(
                expression: expression,
                position: 1,
                reason: "it is empty; give one like 'method=POST path=/api/*'"
            )
        }
        self.init(terms: terms)
    }

    private static func term(_ bytes: ArraySlice<UInt8>, of expression: String) throws(FilterError) -> Term {
        func failure(at index: Int, _ reason: String) -> FilterError {
            FilterError(expression: expression, position: index + 1, reason: reason)
        }
        guard let equals = bytes.firstIndex(of: 0x3D) else {
            throw failure(at: bytes.startIndex, "'=' or '!=' is missing")
        }
        let isNegated = equals > bytes.startIndex && bytes[equals - 1] == 0x21
        let name = String(decoding: bytes[..<(isNegated ? equals - 1 : equals)], as: UTF8.self)
        let key: Key
        switch name {
        case "method": key = .method
        case "path": key = .path
        case "host": key = .host
        case "status": key = .status
        case "header", "header:":
            throw failure(at: bytes.startIndex, "'\(name)' names no field, as header:x-event does")
        case _ where name.hasPrefix("header:"): key = .header(name: Array(name.utf8.dropFirst(7)))
        default:
            throw failure(
                at: bytes.startIndex,
                "'\(name)' is not one of method, path, host, header:NAME, status"
            )
        }
        var patterns: [[UInt8]] = []
        var start = equals + 1
        for index in start...bytes.endIndex where index == bytes.endIndex || bytes[index] == 0x2C {
            guard index > start else { throw failure(at: start, "a pattern is missing") }
            let pattern = bytes[start..<index]
            guard key != .status || StatusPattern.isValid(pattern) else {
                throw failure(at: start, "a status is three digits; give one like 404, 5xx or 4*")
            }
            patterns.append(key == .host ? pattern.map(\.asciiLowercased) : Array(pattern))
            start = index + 1
        }
        return Term(key: key, isNegated: isNegated, patterns: patterns)
    }
}
