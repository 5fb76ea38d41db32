import Bytes
import CNGHTTP2

/// Reads the header blocks of one direction of an HTTP/2 connection (RFC 7541); the only owner of an nghttp2 inflater.
///
/// Blocks must come whole, all of them, and in order: each may add to the dynamic table. Where the first ones were
/// not seen, make the decoder with `isJoined`. Its table is then filled beforehand with entries that have no name, as
/// the newest of them are the ones that a block can point at: what such an index stands for is given out without a
/// name, and everything that was added since is right, since indices count from the newest entry.
///
/// About 2 KB of memory and what the table holds; joined, about 400 KB more from the first block on.
///
/// - Note: Confined to the thread that feeds the connection. It is a class because whoever holds it is kept in arrays;
///   `Sendable` is unchecked since a connection is moved to another thread as a whole or not at all.
package final class HPACKDecoder: @unchecked Sendable {
    /// What each entry takes up besides its name and value (RFC 7541, section 4.1).
    package static let entryOverhead = 32

    private let inflater: OpaquePointer
    private let limits: HPACKLimits
    private var isDamaged = false
    /// The table is still to be filled with entries that were not seen.
    private var isUnfilled: Bool

    /// Traps when memory has run out.
    package init(limits: HPACKLimits = .default, isJoined: Bool = false) {
        var made: OpaquePointer?
        let code = nghttp2_hd_inflate_new(&made)
        guard code == 0, let made else { preconditionFailure("nghttp2 refused to start: code \(code)") }
        inflater = made
        self.limits = limits
        isUnfilled = isJoined
        nghttp2_hd_inflate_change_table_size(inflater, limits.tableBytes)
    }

    deinit {
        nghttp2_hd_inflate_del(inflater)
    }

    /// Reads one whole header block and hands its fields to `sink`.
    ///
    /// After an error the fields before it have been handed over, and every further call throws.
    package func decode(_ block: Span<UInt8>, into sink: inout some FieldSink & ~Copyable) throws(HPACKError)
    {
        if isUnfilled { fill() }
        guard !isDamaged else { throw .damaged }
        let isRight = block.withUnsafeBufferPointer { inflate($0, into: &sink) }
        guard isRight else {
            isDamaged = true
            throw .damaged
        }
    }

    /// Puts entries without name and value into the table, as many as may be there.
    private func fill() {
        isUnfilled = false
        // A size update to 32 bytes for each, then as many literals with an empty name and an empty value.
        var block: [UInt8] = []
        block.reserveCapacity(8 + 3 * limits.unseenEntries)
        Self.append(Self.entryOverhead * limits.unseenEntries, prefix: 5, pattern: 0x20, to: &block)
        for _ in 0..<limits.unseenEntries { block.append(contentsOf: [0x40, 0x00, 0x00]) }
        var nobody = Nobody()
        let isRight = block.span.withUnsafeBufferPointer { inflate($0, into: &nobody) }
        precondition(isRight, "the table takes what fits into its limit")
    }

    /// Appends an integer with a prefix of `prefix` bits (RFC 7541, section 5.1).
    private static func append(_ value: Int, prefix: Int, pattern: UInt8, to block: inout [UInt8]) {
        let most = 1 << prefix - 1
        guard value >= most else { return block.append(pattern | UInt8(value)) }
        block.append(pattern | UInt8(most))
        var rest = value - most
        while rest >= 0x80 {
            block.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        block.append(UInt8(rest))
    }

    private func inflate(_ block: UnsafeBufferPointer<UInt8>, into sink: inout some FieldSink & ~Copyable)
        -> Bool
    {
        var rest = block[...]
        // nghttp2 takes no null pointer, not even for an empty block.
        guard let base = block.baseAddress else { return true }
        while true {
            var pair = nghttp2_nv()
            var flags: CInt = 0
            let position = base + (block.count - rest.count)
            let used = nghttp2_hd_inflate_hd2(inflater, &pair, &flags, position, rest.count, 1)
            guard used >= 0, used <= rest.count else { return false }
            rest = rest.dropFirst(used)
            let found = UInt32(bitPattern: flags)
            if found & NGHTTP2_HD_INFLATE_EMIT.rawValue != 0 {
                let name = UnsafeBufferPointer(start: pair.name, count: pair.namelen)
                let value = UnsafeBufferPointer(start: pair.value, count: pair.valuelen)
                sink.field(name: name.span, value: value.span)
            }
            if found & NGHTTP2_HD_INFLATE_FINAL.rawValue != 0 {
                nghttp2_hd_inflate_end_headers(inflater)
                return true
            }
            // Neither a field nor the end, and nothing left to give: the block is cut.
            if found & NGHTTP2_HD_INFLATE_EMIT.rawValue == 0, rest.isEmpty { return false }
        }
    }

    /// Takes the entries that are only there to take up room.
    private struct Nobody: FieldSink {
        mutating func field(name: Span<UInt8>, value: Span<UInt8>) {}
    }
}
