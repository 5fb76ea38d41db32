import Bytes
import CNGHTTP2

/// Reads the header blocks of one direction of an HTTP/2 connection (RFC 7541); the only owner of an nghttp2 inflater.
///
/// Blocks must come whole, all of them, and in order: each may add to the dynamic table. Where the first ones were
/// not seen, make the decoder with `isJoined`. Its table then holds entries from before that are not known and are the
/// oldest: what refers to one of them is given out without a name, and everything that was added since is right, since
/// indices count from the newest entry.
///
/// About 4 KB of memory and what the table holds, joined or not.
///
/// - Note: Confined to the thread that feeds the connection. It is a class because whoever holds it is kept in arrays;
///   `Sendable` is unchecked since a connection is moved to another thread as a whole or not at all.
package final class HPACKDecoder: @unchecked Sendable {
    /// What each entry takes up besides its name and value (RFC 7541, section 4.1).
    package static let entryOverhead = 32

    private let inflater: OpaquePointer
    private let limits: HPACKLimits
    private var isDamaged = false
    /// Entries from before that the table may still hold; `nil` where the beginning was seen.
    private var unseen: Int?
    private var isBegun = false

    /// Traps when memory has run out.
    package init(limits: HPACKLimits = .default, isJoined: Bool = false) {
        var made: OpaquePointer?
        let code = nghttp2_hd_inflate_new(&made)
        guard code == 0, let made else { preconditionFailure("nghttp2 refused to start: code \(code)") }
        inflater = made
        self.limits = limits
        unseen = isJoined ? limits.unseenEntries : nil
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
        guard !isDamaged else { throw .damaged }
        let isRight = block.withUnsafeBufferPointer { bytes in
            unseen == nil ? inflate(bytes, into: &sink) : inflateJoined(bytes, into: &sink)
        }
        guard isRight else {
            isDamaged = true
            throw .damaged
        }
    }

    private func inflate(_ block: UnsafeBufferPointer<UInt8>, into sink: inout some FieldSink & ~Copyable)
        -> Bool
    {
        var rest = block
        while true {
            guard let step = step(rest, isLast: true, into: &sink) else { return false }
            rest = rest.extracting(step.used...)
            if step.isFinal { return true }
            // Neither a field nor the end, and nothing left to give: the block is cut.
            if step.fieldBytes == nil, rest.isEmpty { return false }
        }
    }

    private struct Step {
        var used: Int
        /// Bytes of the name and the value of the field that was handed over, if one was.
        var fieldBytes: Int?
        var isFinal: Bool
    }

    /// Gives the inflater bytes of a block until it has a field or wants more; `nil` when they are broken.
    private func step(
        _ bytes: UnsafeBufferPointer<UInt8>,
        isLast: Bool,
        into sink: inout some FieldSink & ~Copyable
    ) -> Step? {
        var pair = nghttp2_nv()
        var flags: CInt = 0
        // nghttp2 takes no null pointer, not even for an empty block.
        var nothing: UInt8 = 0
        let used = withUnsafePointer(to: &nothing) { nothing in
            let base = bytes.baseAddress ?? nothing
            return nghttp2_hd_inflate_hd2(inflater, &pair, &flags, base, bytes.count, isLast ? 1 : 0)
        }
        guard used >= 0, used <= bytes.count else { return nil }
        let found = UInt32(bitPattern: flags)
        var step = Step(used: used, fieldBytes: nil, isFinal: found & NGHTTP2_HD_INFLATE_FINAL.rawValue != 0)
        if found & NGHTTP2_HD_INFLATE_EMIT.rawValue != 0 {
            let name = UnsafeBufferPointer(start: pair.name, count: pair.namelen)
            let value = UnsafeBufferPointer(start: pair.value, count: pair.valuelen)
            sink.field(name: name.span, value: value.span)
            step.fieldBytes = name.count + value.count
        }
        if step.isFinal { nghttp2_hd_inflate_end_headers(inflater) }
        return step
    }
}

// A table of which the beginning was not seen.
extension HPACKDecoder {
    /// Reads a block field by field, and puts a literal without a name in the place of each reference to an entry from
    /// before.
    private func inflateJoined(
        _ block: UnsafeBufferPointer<UInt8>,
        into sink: inout some FieldSink & ~Copyable
    ) -> Bool {
        if !isBegun {
            isBegun = true
            // The table is as large as the entries from before may make it, until the encoder says how large it is.
            let size = HPACKInstruction.sizeUpdate(to: Self.entryOverhead * limits.unseenEntries)
            guard size.withUnsafeBufferPointer({ inflate($0, into: &sink) }) else { return false }
        }
        var rest = block
        while let instruction = HPACKInstruction(rest.span) {
            let known = nghttp2_hd_inflate_get_num_table_entries(inflater)
            var bytes = rest
            switch instruction.kind {
            case .sizeUpdate:
                // It gives no field to stop at.
                bytes = rest.extracting(..<instruction.count)
                guard step(bytes, isLast: false, into: &sink)?.used == instruction.count else { return false }
                rest = rest.extracting(instruction.count...)
                forgetUnseen(adding: 0)
                continue
            case .indexed(let index):
                guard isUnseen(index, known: known) else { break }
                guard giveNameless([0, 0, 0], into: &sink)?.fieldBytes != nil else { return false }
                rest = rest.extracting(instruction.count...)
                continue
            case .literal(let index, let pattern):
                guard isUnseen(index, known: known) else { break }
                guard giveNameless([pattern, 0], into: &sink) != nil else { return false }
                bytes = rest.extracting(instruction.count...)
            }
            guard let step = step(bytes, isLast: false, into: &sink), let field = step.fieldBytes else {
                return false
            }
            if instruction.adds { forgetUnseen(adding: field + Self.entryOverhead) }
            rest = bytes.extracting(step.used...)
        }
        return rest.isEmpty && step(rest, isLast: true, into: &sink)?.isFinal == true
    }

    private func isUnseen(_ index: Int, known: Int) -> Bool {
        index > known && index - known <= unseen ?? 0
    }

    private func giveNameless(_ bytes: [UInt8], into sink: inout some FieldSink & ~Copyable) -> Step? {
        bytes.withUnsafeBufferPointer { step($0, isLast: false, into: &sink) }
    }

    /// Those from before leave the table first, as far as an entry that is added, or a new size, leaves no room.
    private func forgetUnseen(adding entry: Int) {
        let size = nghttp2_hd_inflate_get_max_dynamic_table_size(inflater)
        let taken = nghttp2_hd_inflate_get_dynamic_table_size(inflater)
        let room = entry > size ? 0 : size - min(size, taken)
        unseen = min(unseen ?? 0, room / Self.entryOverhead)
    }
}
