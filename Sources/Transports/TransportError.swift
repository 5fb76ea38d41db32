import Glibc

/// What keeps a replay from starting or going on; the description says what failed, where, and what to do.
package struct TransportError: Error, Equatable, CustomStringConvertible {
    package enum Code: Equatable, Sendable {
        case resolution
        case descriptors
        case system
        /// A library that a transport is built on refused its service.
        case library
        /// The transport does not speak what the target asks for.
        case `protocol`
        /// The trace cannot be read twice, or holds nothing that is selected.
        case source
    }

    package var code: Code
    package var description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// A failed system call; must be made before anything else can change `errno`.
    package static func system(_ call: String) -> TransportError {
        let number = errno
        return TransportError(
            .system,
            "\(call) failed: \(String(cString: strerror(number))) (errno \(number))"
        )
    }
}
