import Bytes
import Messages

/// What happens on a connection: runs of bytes and holes, of both directions, in order.
///
/// The input is a byte of flags (1: joined in the middle, 2: reset at the end), then for each run a byte (1: a response,
/// 2: a hole) and its length in two bytes, and for runs that are no hole their bytes.
struct ConversationInput {
    struct Run {
        var kind: MessageKind
        var isGap: Bool
        var count: UInt64
        var bytes: [UInt8]
    }

    var isJoined: Bool
    var isReset: Bool
    var runs: [Run] = []

    init(_ bytes: Span<UInt8>) {
        var input = FuzzInput(bytes)
        let flags = input.byte()
        isJoined = flags & 1 != 0
        isReset = flags & 2 != 0
        while !input.isEmpty {
            let choice = input.byte()
            let kind: MessageKind = choice & 1 != 0 ? .response : .request
            let count = input.word()
            let isGap = choice & 2 != 0
            let bytes = isGap ? [] : input.bytes(Int(count))
            runs.append(
                Run(
                    kind: kind,
                    isGap: isGap,
                    count: isGap ? UInt64(count) : UInt64(bytes.count),
                    bytes: bytes
                )
            )
        }
    }

    /// The beginning is not there, or something in between.
    var isSearching: Bool { isJoined || runs.contains(where: \.isGap) }

    func count(of kind: MessageKind) -> UInt64 {
        runs.reduce(0) { $0 + ($1.kind == kind ? $1.count : 0) }
    }
}
