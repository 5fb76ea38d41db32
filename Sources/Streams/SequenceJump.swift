import Packets

/// Segments that stand nowhere near their stream, one after the other.
///
/// A stray, an old copy or a forgery stands alone. Several in a row of which each goes on where the one before ended
/// are the sender itself: it has jumped, or more than the window was not captured.
struct SequenceJump: Sendable {
    private var next: UInt32 = 0
    private var count = 0

    /// Takes a segment with payload that is out of place, and answers whether it is the last one needed.
    mutating func isConfirmed(by sequence: UInt32, count length: Int, limit: Int) -> Bool {
        guard length > 0 else { return false }
        count = count > 0 && sequence == next ? count + 1 : 1
        next = sequence &+ UInt32(truncatingIfNeeded: length)
        return count >= limit
    }
}
