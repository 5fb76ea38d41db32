import Bytes

/// The head of an answer with a body of known length, as it came, and what was read in it.
struct KnownHead {
    /// Answers with longer bodies seldom arrive in one piece.
    static let bodyLimit: UInt64 = 64 << 10

    private(set) var bytes: [UInt8] = []
    private(set) var status: UInt16 = 0
    private(set) var bodyCount = 0
    private(set) var reusable = false

    /// Keeps a head in the place of the one before; allocates nothing where that was as long.
    mutating func take(_ head: [UInt8], status: UInt16, bodyCount: Int, reusable: Bool) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: head)
        self.status = status
        self.bodyCount = bodyCount
        self.reusable = reusable
    }

    /// Whether `answer` begins with this head and its whole body.
    func begins(_ answer: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty, answer.count >= bytes.count + bodyCount else { return false }
        return answer.extracting(first: bytes.count).equals(bytes.span)
    }
}
