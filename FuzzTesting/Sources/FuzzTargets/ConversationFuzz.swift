import Bytes
import Messages

/// A conversation gives the same events in any cut of its runs, and every byte is in one bucket.
///
/// Where frames are searched for, behind a hole of HTTP/2, after a join or behind what is no frame, the cut decides how
/// much is looked at at once; there only the sums must hold.
enum ConversationFuzz {
    static func run(_ bytes: Span<UInt8>, isHTTP2: Bool) {
        let input = ConversationInput(bytes)
        let whole = read(input, cut: .max, isHTTP2: isHTTP2)
        let single = read(input, cut: 1, isHTTP2: isHTTP2)
        let cut = read(input, cut: 7, isHTTP2: isHTTP2)
        guard !input.isSearching else {
            let isSame = whole.hasSameMessages(as: single) && whole.hasSameMessages(as: cut)
            precondition(isHTTP2 || isSame, "the messages depend on the cut")
            return
        }
        let mayBeFrames = isHTTP2 || whole.switchedProtocols
        if mayBeFrames, whole.skippedUnparsable || single.skippedUnparsable || cut.skippedUnparsable {
            return
        }
        precondition(whole == single && whole == cut, "the events depend on the cut")
    }

    private static func read(_ input: ConversationInput, cut: Int, isHTTP2: Bool) -> MessageLog {
        let limits = HTTPLimits(
            headBytes: 2_048,
            fieldCount: 24,
            chunkLineBytes: 64,
            trailerBytes: 128,
            bodyBytes: 4_096,
            outstandingRequests: 4
        )
        var conversation =
            isHTTP2
            ? HTTPConversation(http2: limits, joined: input.isJoined)
            : HTTPConversation(limits: limits, joined: input.isJoined)
        var log = MessageLog()
        for run in input.runs {
            if run.isGap {
                conversation.gap(run.count, from: run.kind, into: &log)
                continue
            }
            var start = 0
            while start < run.bytes.count {
                let end = run.bytes.count - start > cut ? start + cut : run.bytes.count
                conversation.receive(run.bytes.span.extracting(start..<end), from: run.kind, into: &log)
                start = end
            }
        }
        for kind in [MessageKind.request, .response] {
            conversation.finish(kind, reset: input.isReset, into: &log)
        }
        for kind in [MessageKind.request, .response] {
            precondition(
                conversation.counts(of: kind).total == input.count(of: kind),
                "a byte is in no bucket"
            )
        }
        precondition(conversation.pendingBytes == 0, "bytes are pending after the end")
        precondition(log.isWellFormed, "a message began and never ended, or ended and never began")
        return log
    }
}
