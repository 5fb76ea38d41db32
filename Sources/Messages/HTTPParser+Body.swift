import Bytes

extension HTTPParser {
    mutating func readBody(_ bytes: Span<UInt8>, at offset: inout Int, left: UInt64) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        let count = Int(min(left, UInt64(bytes.count &- offset)))
        state = left == UInt64(count) ? .ended : .length(left &- UInt64(count))
        return takeBody(count, at: &offset)
    }

    mutating func readUntilClose(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        return takeBody(bytes.count &- offset, at: &offset)
    }

    mutating func readChunk(_ bytes: Span<UInt8>, at offset: inout Int, left: UInt64) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        let count = Int(min(left, UInt64(bytes.count &- offset)))
        state =
            left == UInt64(count) ? .chunkEnd(sawCarriageReturn: false) : .chunkData(left &- UInt64(count))
        return takeBody(count, at: &offset)
    }

    mutating func readChunkLine(_ line: ChunkLine, _ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep?
    {
        var line = line
        while offset < bytes.count {
            switch line.feed(bytes[offset], limit: limits.chunkLineBytes) {
            case .more:
                offset &+= 1
                counts.framing &+= 1
            case .whole:
                offset &+= 1
                counts.framing &+= 1
                take(line)
                return nil
            case .junk:
                loseFraming(atLineStart: line.count == 0)
                return nil
            }
        }
        state = .chunkLine(line)
        return .more
    }

    private mutating func take(_ line: ChunkLine) {
        if line.isSuspicious { flags.insert(.smuggling) }
        guard line.size == 0 else {
            state = .chunkData(line.size)
            return
        }
        trailers.removeAll(keepingCapacity: true)
        trailersAreTooLong = false
        finder = BlankLineFinder()
        state = .trailers
    }

    mutating func readChunkEnd(
        _ bytes: Span<UInt8>,
        at offset: inout Int,
        sawCarriageReturn: Bool
    ) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        switch (bytes[offset], sawCarriageReturn) {
        case (.carriageReturn, false):
            state = .chunkEnd(sawCarriageReturn: true)
        case (.lineFeed, _):
            if !sawCarriageReturn { flags.insert(.smuggling) }
            state = .chunkLine(ChunkLine())
        default:
            loseFraming(atLineStart: false)
            return nil
        }
        offset &+= 1
        counts.framing &+= 1
        return nil
    }

    mutating func readTrailers(_ bytes: Span<UInt8>, at offset: inout Int) -> ParserStep? {
        guard offset < bytes.count else { return .more }
        let rest = bytes.extracting(offset...)
        let end = finder.feed(rest)
        let part = rest.extracting(first: end ?? rest.count)
        offset &+= part.count
        counts.framing &+= UInt64(part.count)
        // The empty line takes two more bytes than a section of the greatest length.
        if trailersAreTooLong || trailers.count &+ part.count > limits.trailerBytes &+ 2 {
            trailersAreTooLong = true
            trailers.removeAll(keepingCapacity: true)
        } else {
            trailers.append(contentsOf: part)
        }
        guard end != nil else { return .more }
        if finder.hasBareLineFeed { flags.insert(.smuggling) }
        removeEmptyLine()
        if trailersAreTooLong || trailers.count > limits.trailerBytes {
            flags.insert(.truncated)
            trailers.removeAll(keepingCapacity: true)
        }
        due.trailers = !trailers.isEmpty
        state = .ended
        return nil
    }

    private mutating func removeEmptyLine() {
        if trailers.last == .lineFeed { trailers.removeLast() }
        if trailers.last == .carriageReturn { trailers.removeLast() }
    }

    /// Ends the message where its chunks can no longer be told apart.
    mutating func loseFraming(atLineStart: Bool) {
        flags.formUnion([.smuggling, .incomplete])
        resume = .searching(.unparsable, atLineStart: atLineStart)
        state = .ended
    }

    /// Counts `count` body bytes at `offset` and delivers those within the limit.
    private mutating func takeBody(_ count: Int, at offset: inout Int) -> ParserStep? {
        let range = offset..<offset &+ count
        offset = range.upperBound
        let kept = countBody(UInt64(count))
        return kept > 0 ? .body(ByteRange(range.prefix(kept))) : nil
    }

    /// Counts body bytes and answers how many of them may be delivered.
    mutating func countBody(_ count: UInt64) -> Int {
        let room = limits.bodyBytes > bodyLength ? limits.bodyBytes &- bodyLength : 0
        bodyLength &+= count
        counts.bodies &+= count
        if count > room { flags.insert(.truncated) }
        return Int(min(count, room))
    }
}
