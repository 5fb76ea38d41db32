import Messages

/// Looks for personal data and secrets in recorded messages without changing them.
///
/// It walks through a message as an ``Anonymizer`` with the same rules does. Pseudonyms are told by their marks, and so
/// need no key; a value that looks like one by chance, such as an address at `example.com`, goes unreported.
package struct AuditScanner: ~Copyable {
    private var walk: Anonymizer

    package init(ruleSets: [RuleSet]) {
        // The key is of no consequence: nothing is pseudonymized.
        guard let key = PseudonymKey([UInt8](repeating: 0, count: PseudonymKey.byteCount)) else {
            preconditionFailure("a key of the right length is a key")
        }
        walk = Anonymizer(ruleSets: ruleSets, key: key)
    }

    /// What looks like personal data or a secret in a message, in the order in which it stands there.
    package mutating func findings(in message: RawMessage) -> [AuditFinding] {
        walk.findings = []
        var message = message
        walk.anonymize(&message)
        return walk.findings ?? []
    }

    /// What looks like personal data or a secret in one message of a stream.
    package mutating func findings(in bytes: [UInt8], _ content: StreamedContent) -> [AuditFinding] {
        walk.findings = []
        var bytes = bytes
        walk.anonymizeMessage(&bytes, content)
        return walk.findings ?? []
    }
}
