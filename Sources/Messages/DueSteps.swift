/// Steps that are certain and not yet taken, in the order in which they are taken.
struct DueSteps: Sendable {
    var bodyGap: UInt64 = 0
    var trailers = false
    var abandoned: Abandonment?
    var skipped: UInt64 = 0
    var reason = SkippedBytes.unparsable
    var began = false

    enum Abandonment {
        case answerable
        case unanswerable
    }
}

extension HTTPParser {
    @inline(always)
    mutating func takeDueStep() -> ParserStep? {
        if due.bodyGap > 0 {
            defer { due.bodyGap = 0 }
            return .bodyGap(due.bodyGap)
        }
        if due.trailers {
            due.trailers = false
            return .trailers
        }
        if let abandonment = due.abandoned {
            due.abandoned = nil
            return .abandoned(answerable: abandonment == .answerable)
        }
        if due.skipped > 0 {
            defer { due.skipped = 0 }
            return .skipped(due.skipped, due.reason)
        }
        if due.began {
            due.began = false
            return .began
        }
        return nil
    }

    /// Counts bytes that belong to no message.
    mutating func skip(_ count: Int, as reason: SkippedBytes) {
        guard count > 0 else { return }
        counts[reason] &+= UInt64(count)
        due.skipped &+= UInt64(count)
        due.reason = reason
    }

    /// Gives up the head or the candidate that is in `head.bytes`.
    mutating func dropHead(as reason: SkippedBytes, abandoning: DueSteps.Abandonment?) {
        due.abandoned = abandoning
        skip(head.bytes.count, as: reason)
        head.bytes.removeAll(keepingCapacity: true)
    }
}
