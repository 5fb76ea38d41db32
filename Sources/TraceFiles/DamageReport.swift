package import Traces

/// What of a trace could not be read.
package struct DamageReport: Hashable, Sendable {
    /// One place of damage.
    package struct Entry: Hashable, Sendable {
        /// Bytes of the file before it.
        package var offset: UInt64
        package var fault: MemberFault

        package init(offset: UInt64, fault: MemberFault) {
            self.offset = offset
            self.fault = fault
        }
    }

    /// How many places are kept one by one; ``count`` goes on.
    package static let maximumEntries = 1_000

    /// The first places, in the order of the file.
    package private(set) var entries: [Entry] = []
    /// Places of damage in all.
    package private(set) var count: UInt64 = 0
    /// Bytes of the file that were passed over.
    package internal(set) var bytesSkipped: UInt64 = 0
    /// Data blocks that are missing or unusable, as far as the numbers of the others tell; what a cut took from the
    /// end of a file is not known.
    package internal(set) var blocksLost: UInt64 = 0
    /// Whether the file ends inside a block.
    package private(set) var isCut = false

    package init() {}

    package var isEmpty: Bool { count == 0 && blocksLost == 0 }

    mutating func add(_ fault: MemberFault, at offset: UInt64) {
        count += 1
        if fault == .cut { isCut = true }
        if entries.count < Self.maximumEntries { entries.append(Entry(offset: offset, fault: fault)) }
    }
}
