/// A value in a recorded message that stands where one was to be replaced, and has the form of what replaced it.
package struct FoundPseudonym: Hashable, Sendable {
    package var kind: PseudonymKind
    /// As it was read: escapes and encodings around it are undone.
    package var value: [UInt8]
    /// Where it stands, such as `header X-User` or `body last_name`.
    package var place: String
}
