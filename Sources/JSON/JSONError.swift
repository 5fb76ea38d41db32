/// Why bytes are not a JSON text (RFC 8259), and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// The text stops inside a value; more bytes could have made it whole.
        case unexpectedEnd
        case unexpectedByte(UInt8)
        case byteOrderMark
        /// A byte below 0x20 stands unescaped in a string.
        case controlCharacter
        case invalidUTF8
        case invalidEscape
        case invalidNumber
        /// More than ``JSONScanner/maximumDepth`` arrays and objects are open.
        case tooDeep
        /// More values than the caller allows.
        case tooManyValues
        /// Something follows the value.
        case trailingBytes
    }

    package var reason: Reason
    /// Bytes before the place of the error.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    package var description: String {
        let what =
            switch reason {
            case .unexpectedEnd: "the text ends inside a value"
            case .unexpectedByte(let byte): "unexpected byte 0x\(String(byte, radix: 16))"
            case .byteOrderMark: "a byte order mark stands before the value"
            case .controlCharacter: "an unescaped control character stands in a string"
            case .invalidUTF8: "a string is not UTF-8"
            case .invalidEscape: "a string has an escape that JSON does not know"
            case .invalidNumber: "a number is not spelled as JSON wants it"
            case .tooDeep: "more than \(JSONScanner.maximumDepth) arrays and objects are open"
            case .tooManyValues: "there are more values than the limit allows"
            case .trailingBytes: "something follows the value"
            }
        return "not JSON at byte \(offset): \(what)"
    }
}
