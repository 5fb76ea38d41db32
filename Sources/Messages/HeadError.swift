/// Why bytes cannot be read as a head.
package struct HeadError: Error, Hashable, Sendable {
    package enum Code: Sendable {
        /// Neither `method SP target SP HTTP/1.x` nor `HTTP/1.x SP 3DIGIT [SP reason]`.
        case startLine
        /// A line without a colon, or with anything but a token before it.
        case field
        /// More fields than the limit.
        case tooManyFields
        /// No empty line at the end.
        case unterminated
    }

    package var code: Code
    /// Where the line at fault starts, in bytes from the start of the head.
    package var offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }
}

extension HeadError: CustomStringConvertible {
    package var description: String {
        switch code {
        case .startLine: "the line at byte \(offset) is no HTTP/1 start line"
        case .field: "the line at byte \(offset) is no header field"
        case .tooManyFields: "the field at byte \(offset) is one more than the limit"
        case .unterminated: "the head ends at byte \(offset) without an empty line"
        }
    }
}
