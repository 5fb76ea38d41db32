/// A request to the browser that has passed the gate: what of it says what is wanted.
package struct BrowserRequest: Hashable, Sendable {
    package enum Method: Hashable, Sendable { case get, post }

    package var method: Method
    /// Behind the token, without a slash in front: empty for the page itself.
    package var path: String
    /// The parameters of the query, decoded; of those of one name the last counts.
    package var parameters: [String: String]

    package init(method: Method = .get, path: String, parameters: [String: String] = [:]) {
        self.method = method
        self.path = path
        self.parameters = parameters
    }

    /// Takes path and query of a target.
    init(method: Method, target: Substring) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        parameters = [:]
        guard parts.count > 1 else { return }
        for pair in parts[1].split(separator: "&").prefix(32) {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            parameters[Self.decoded(sides[0])] = sides.count > 1 ? Self.decoded(sides[1]) : ""
        }
    }

    func integer<Number: FixedWidthInteger>(_ name: String, as type: Number.Type = Number.self) -> Number? {
        parameters[name].flatMap { Number($0) }
    }

    /// Percent-encoding and `+` undone, as `URLSearchParams` writes them.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let value = UInt8(String(Substring(digits)), radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
