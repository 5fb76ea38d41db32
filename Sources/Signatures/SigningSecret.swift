/// The bytes that a sender and a receiver of webhooks share, or the key that one of them has.
///
/// No description, mirror or error of Tapedeck shows them.
package struct SigningSecret: Sendable {
    let bytes: [UInt8]

    /// Takes the bytes as they are spelled; a scheme knows how to read them.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the secret is spelled with this prefix.
    package func hasPrefix(_ prefix: StaticString) -> Bool {
        bytes.starts(with: UnsafeBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount))
    }
}

extension SigningSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a secret cannot be the key of a scheme; shows nothing of it.
package struct SecretError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
}
