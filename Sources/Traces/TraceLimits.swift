/// What a record, a block and an index may hold at most; a reader refuses more before it makes room for it.
package enum TraceLimits {
    /// Bytes of a stored head.
    package static let head = 1 << 20
    /// Bytes of a stored trailer section.
    package static let trailers = 1 << 20
    /// Bytes of one stored event.
    package static let event = 1 << 20
    /// Entries of one ledger snapshot, and of each list of counts in the index.
    package static let counts = 4_096
    /// Notes within the summary of a connection.
    package static let summaryNotes = 256
    /// Bytes of a record behind its length.
    package static let record = 4 << 20
    /// Bytes of a data block before compression.
    package static let block = 16 << 20
    /// Bytes of the JSON header before compression.
    package static let header = 1 << 20
    /// Bytes of the index before compression.
    package static let index = 64 << 20
    /// Blocks that the index lists; a reader scans the file where there are more.
    package static let indexedBlocks = 1_000_000
}
