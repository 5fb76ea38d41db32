/// The streams of an HTTP/2 connection on which messages are under way.
struct StreamTable: Sendable {
    /// One stream: a request and what answers it.
    struct Stream: Sendable {
        var id: UInt32
        var ordinal: ExchangeOrdinal
        var method = RequestMethod.other
        private var halves: [2 of Half] = [Half(), Half()]

        init(id: UInt32, ordinal: ExchangeOrdinal, method: RequestMethod = .other) {
            self.id = id
            self.ordinal = ordinal
            self.method = method
        }

        var request: Half {
            @inline(__always)
            _read { yield halves[0] }
            @inline(__always)
            _modify { yield &halves[0] }
        }

        var response: Half {
            @inline(__always)
            _read { yield halves[1] }
            @inline(__always)
            _modify { yield &halves[1] }
        }

        subscript(kind: MessageKind) -> Half {
            @inline(__always)
            _read { yield halves[Int(kind.rawValue)] }
            @inline(__always)
            _modify { yield &halves[Int(kind.rawValue)] }
        }
    }

    /// One direction of a stream.
    struct Half: Sendable {
        enum Phase: Sendable {
            /// → head
            case idle
            /// The message has begun, its header block is not whole yet → body, ended, idle (abandoned, interim)
            case head
            /// → ended
            case body
            case ended
        }

        var phase = Phase.idle
        /// Body bytes so far, those in gaps too.
        var length: UInt64 = 0
        /// What Content-Length says.
        var announced: UInt64?
        var flags: MessageFlags = []
    }

    private(set) var streams: [Stream] = []
    private var last = 0

    var count: Int { streams.count }

    subscript(index: Int) -> Stream {
        @inline(__always)
        _read { yield streams[index] }
        @inline(__always)
        _modify { yield &streams[index] }
    }

    /// Where a stream is; frames of one stream mostly come one after the other.
    mutating func index(of id: UInt32) -> Int? {
        if last < streams.count, streams[last].id == id { return last }
        guard let index = streams.lastIndex(where: { $0.id == id }) else { return nil }
        last = index
        return index
    }

    /// Adds a stream and answers where it is.
    mutating func append(_ stream: Stream) -> Int {
        streams.append(stream)
        last = streams.count &- 1
        return last
    }

    /// Takes a stream out; the others keep their order.
    @discardableResult
    mutating func remove(at index: Int) -> Stream {
        last = 0
        return streams.remove(at: index)
    }
}
