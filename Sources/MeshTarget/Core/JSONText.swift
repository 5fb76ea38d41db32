/// Writes the small JSON answers of the stand-in.
///
/// The stand-in shares no code with the rooms it is used to test, so that a mistake there is not made here too.
package struct JSONText: Sendable {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    private init() {}

    /// One object, whose members `fill` writes.
    package static func object(_ fill: (inout JSONText) -> Void) -> [UInt8] {
        var text = JSONText()
        text.braces(fill)
        return text.bytes
    }

    package mutating func member(_ name: String, _ value: String?) {
        begin(name)
        if let value { quote(value) } else { bytes.append(contentsOf: "null".utf8) }
        needsComma = true
    }

    package mutating func member(_ name: String, _ value: some BinaryInteger) {
        begin(name)
        bytes.append(contentsOf: String(value).utf8)
        needsComma = true
    }

    package mutating func member(_ name: String, _ value: Double) {
        begin(name)
        bytes.append(contentsOf: (value.isFinite ? "\(value)" : "null").utf8)
        needsComma = true
    }

    package mutating func member(_ name: String, _ value: Bool) {
        begin(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
        needsComma = true
    }

    /// A value that is JSON already.
    package mutating func member(_ name: String, json value: some Sequence<UInt8>) {
        begin(name)
        bytes.append(contentsOf: value)
        needsComma = true
    }

    package mutating func member(_ name: String, _ fill: (inout JSONText) -> Void) {
        begin(name)
        braces(fill)
    }

    /// An array of objects, one for each of `elements`.
    package mutating func member<Element>(
        _ name: String,
        objects elements: some Sequence<Element>,
        _ fill: (inout JSONText, Element) -> Void
    ) {
        begin(name)
        bytes.append(0x5B)
        needsComma = false
        for element in elements {
            if needsComma { bytes.append(0x2C) }
            braces { fill(&$0, element) }
        }
        bytes.append(0x5D)
        needsComma = true
    }

    private mutating func braces(_ fill: (inout JSONText) -> Void) {
        bytes.append(0x7B)
        needsComma = false
        fill(&self)
        bytes.append(0x7D)
        needsComma = true
    }

    private mutating func begin(_ name: String) {
        if needsComma { bytes.append(0x2C) }
        quote(name)
        bytes.append(0x3A)
        needsComma = false
    }

    private mutating func quote(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u00" + (byte < 0x10 ? "0" : "") + digits).utf8)
            default:
                bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
