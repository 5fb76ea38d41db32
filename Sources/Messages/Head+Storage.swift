import Bytes

extension Head {
    /// A head without bytes, for the place of one that was moved away.
    package static var withoutStorage: Head { .empty(.request) }

    /// Becomes what `other` is, in the storage of `other`, which is left with that of this head and for the rest as it
    /// was; O(1).
    package mutating func exchange(with other: inout Head) {
        swap(&bytes, &other.bytes)
        swap(&fields, &other.fields)
        start = other.start
        version = other.version
        framing = other.framing
        flags = other.flags
        compressedCount = other.compressedCount
    }
}
