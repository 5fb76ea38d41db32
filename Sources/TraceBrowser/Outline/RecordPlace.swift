/// Where a record stands in a trace: the block by its place among those that were read, and bytes into it.
package struct RecordPlace: Hashable, Sendable, BitwiseCopyable {
    package var block: UInt32
    package var offset: UInt32

    package static let none = RecordPlace(block: .max, offset: 0)

    package var isKnown: Bool { block != .max }
}

/// Where a block stands in the files of a recording.
package struct BlockPlace: Hashable, Sendable, BitwiseCopyable {
    /// Bytes of the file before it.
    package var offset: UInt64
    /// The number in its header.
    package var sequence: UInt32
    /// Which of the files, from 0 on.
    package var file: UInt32

    package init(offset: UInt64, sequence: UInt32, file: UInt32 = 0) {
        self.offset = offset
        self.sequence = sequence
        self.file = file
    }
}
