import Bytes
import Packets

/// Bytes of a half-stream that came before what precedes them: copies, sorted and without overlap.
///
/// Pieces usually arrive in order behind one hole, so an insertion is a binary search and an append.
struct HeldBytes: Sendable {
    struct Piece: Sendable {
        var start: Int64
        var bytes: [UInt8]
        /// The sender had received the other side's bytes before this offset, or fewer where the piece is a repetition.
        /// It never falls from one piece to the next.
        var waitsFor: Int64
        /// When the packet that brought them was seen.
        var time: PacketTime

        var end: Int64 { start + Int64(bytes.count) }
    }

    /// What became of the bytes of one segment.
    struct Insertion {
        var stored = 0
        var duplicate = 0
        var conflicting = 0
    }

    /// Pieces before `first` have been taken.
    private var pieces: [Piece] = []
    private var taken = 0
    private(set) var byteCount = 0

    var pieceCount: Int { pieces.count - taken }
    var isEmpty: Bool { pieceCount == 0 }
    var first: Piece? { isEmpty ? nil : pieces[taken] }
    /// Where the first piece starts.
    var firstStart: Int64? { isEmpty ? nil : pieces[taken].start }
    /// What the first piece waits for; there must be one.
    var firstWaitsFor: Int64 { pieces[taken].waitsFor }

    /// Keeps those bytes that no piece covers yet: the first copy of a byte counts.
    mutating func insert(
        _ bytes: Span<UInt8>,
        at start: Int64,
        waitsFor: Int64,
        time: PacketTime
    ) -> Insertion {
        var result = Insertion()
        var index = firstIndex(endingAfter: start)
        let first = index
        var offset = 0
        while offset < bytes.count {
            let position = start + Int64(offset)
            if index < pieces.count, pieces[index].start <= position {
                let count = Int(min(pieces[index].end - position, Int64(bytes.count - offset)))
                let differing = pieces[index].differing(
                    from: bytes.extracting(offset..<offset + count),
                    at: position
                )
                result.conflicting += differing
                result.duplicate += count - differing
                offset += count
                index += 1
            } else {
                let room = index < pieces.count ? pieces[index].start - position : .max
                let count = Int(min(room, Int64(bytes.count - offset)))
                let copy = Array(bytes.extracting(offset..<offset + count))
                // What stands behind was sent later. Where it was sent before the sender had received so much, this is a
                // repetition, with a later acknowledgement than it had at first.
                let bound = index < pieces.count ? min(waitsFor, pieces[index].waitsFor) : waitsFor
                let piece = Piece(start: position, bytes: copy, waitsFor: bound, time: time)
                pieces.insert(piece, at: index)
                result.stored += count
                offset += count
                index += 1
            }
        }
        byteCount += result.stored
        if result.stored > 0, waitsFor > .min { lowerBounds(before: first, to: waitsFor) }
        return result
    }

    /// Says that what stands before a piece waited for no more than that.
    private mutating func lowerBounds(before index: Int, to waitsFor: Int64) {
        var index = index
        while index > taken, pieces[index - 1].waitsFor > waitsFor {
            index -= 1
            pieces[index].waitsFor = waitsFor
        }
    }

    /// Cuts the first piece in two at an offset, if it lies in it.
    mutating func splitFirst(at offset: Int64) {
        guard let piece = first, piece.start < offset, offset < piece.end else { return }
        var (head, tail) = (piece, piece)
        head.bytes.removeSubrange(Int(offset - piece.start)...)
        tail.bytes.removeFirst(Int(offset - piece.start))
        tail.start = offset
        pieces[taken] = head
        pieces.insert(tail, at: taken + 1)
    }

    mutating func removeFirst() {
        byteCount -= pieces[taken].bytes.count
        pieces[taken].bytes = []
        taken += 1
        if taken == pieces.count {
            pieces.removeAll(keepingCapacity: pieces.count <= 64)
            taken = 0
        } else if taken >= 64, taken * 2 > pieces.count {
            pieces.removeFirst(taken)
            taken = 0
        }
    }

    /// Gives up everything and answers how many bytes that were.
    mutating func removeAll() -> Int {
        defer { self = HeldBytes() }
        return byteCount
    }

    private func firstIndex(endingAfter position: Int64) -> Int {
        if let last = pieces.last, last.end <= position { return pieces.count }
        var low = taken
        var high = pieces.count
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].end > position { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension HeldBytes.Piece {
    /// How many of the other copy's bytes, the first of which stands at `position`, are not the same here.
    ///
    /// All of `other` lies inside the piece.
    func differing(from other: Span<UInt8>, at position: Int64) -> Int {
        let offset = Int(position - start)
        var count = 0
        for index in other.indices where other[index] != bytes[offset + index] { count += 1 }
        return count
    }
}
