/// The bytes that a sender and a receiver of webhooks share.
///
/// No description, mirror or error of Tapedeck shows them.
package struct SigningSecret: Sendable {
    let bytes: [UInt8]

    /// Takes the bytes as they are; how a secret is spelled is the business of who reads it.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

extension SigningSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
