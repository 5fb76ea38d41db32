import Bytes

extension Head {
    /// A head without bytes, for the place of one that was moved away.
    package static var withoutStorage: Head { .empty(.request) }

    /// A head that equals `other` and shares no storage with it.
    package init(copying other: borrowing Head) {
        self = .empty(.request)
        assign(other)
    }

    /// Becomes equal to `other` in the storage that it has; O(head), no allocation where that is large enough.
    package mutating func assign(_ other: borrowing Head) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: other.bytes.span)
        fields.removeAll(keepingCapacity: true)
        other.fields.span.withUnsafeBufferPointer { fields.append(contentsOf: $0) }
        start = other.start
        version = other.version
        framing = other.framing
        flags = other.flags
        compressedCount = other.compressedCount
    }
}
