import Bytes

extension Anonymizer {
    /// Puts filler in the place of each message of a gRPC body; the byte and the length before each stay, so that it is
    /// the same number of messages of the same sizes. A body that is not such messages is replaced whole.
    mutating func replaceMessages(_ body: inout [UInt8]) {
        guard let messages = body.span.messagesOfGRPC else { return replaceWhole(&body, .malformed) }
        if isInspecting {
            let isFilled = messages.allSatisfy { body.span.extracting($0).isFiller }
            if !isFilled { note(.opaque(.unknownType)) }
            return
        }
        for message in messages {
            for index in message { body[index] = Self.filler }
        }
        audit.count(.unknownType)
    }
}

extension Span where Element == UInt8 {
    /// Whether a Content-Type is `application/grpc`, with or without the name of a message format.
    var isGRPC: Bool {
        let type: StaticString = "application/grpc"
        guard count >= type.utf8CodeUnitCount,
            extracting(first: type.utf8CodeUnitCount).equalsIgnoringCase(type)
        else {
            return false
        }
        guard count > type.utf8CodeUnitCount else { return true }
        let next = self[type.utf8CodeUnitCount]
        return next == 0x2B || next == 0x3B || next == 0x20
    }

    /// Where the messages stand in a body of gRPC: each behind a byte that says whether it is compressed and four of
    /// its length; `nil` for what is not such messages to its last byte.
    fileprivate var messagesOfGRPC: [Range<Int>]? {
        var messages: [Range<Int>] = []
        var offset = 0
        while offset < count {
            guard offset &+ 5 <= count, self[offset] <= 1 else { return nil }
            let length = Int(bigEndian(UInt32.self, at: offset &+ 1))
            offset &+= 5
            guard length <= count &- offset else { return nil }
            messages.append(offset..<offset &+ length)
            offset &+= length
        }
        return messages
    }
}
