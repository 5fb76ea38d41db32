import Bytes

extension FrameReader {
    /// Says that the next `count` bytes were never captured; take the steps that follow before more bytes are given.
    ///
    /// A gap inside a frame whose end is known costs that frame only. Any other loses frames, and the reader looks for
    /// the next one.
    mutating func gap(_ count: UInt64) {
        counts.gaps &+= count
        missing &+= count
    }

    /// Says that no more bytes will come; take the steps that follow.
    mutating func finish() {
        missing = 0
        switch state {
        case .searching:
            if let first = lastChain() {
                passOver(first)
                state = .header
                due.append(.found)
            } else {
                passOver(held.count)
            }
            return
        case .preface(let count):
            counts.framing &-= UInt64(count)
            note(UInt64(count), as: .unparsable)
            state = .header
        case .header, .prelude, .data, .fragment, .rest, .ended:
            note(UInt64(held.count), as: .unparsable)
            held.removeAll(keepingCapacity: true)
        }
        dropBlockUnderWay()
    }

    /// Takes from the gap what the state can bear.
    mutating func passOverGap() -> FrameStep? {
        switch state {
        case .data(let frame, let left, let padding) where left > 0:
            let count = min(UInt64(left), missing)
            missing &-= count
            state = .data(frame, left: left &- Int(count), padding: padding)
            return .dataGap(frame.stream, count: count)
        case .fragment(let frame, let left, let padding) where left > 0:
            let count = min(UInt64(left), missing)
            missing &-= count
            state = .fragment(frame, left: left &- Int(count), padding: padding)
            damageBlock()
            return nil
        case .data(let frame, _, let padding), .fragment(let frame, _, let padding):
            state = .rest(frame, left: padding, as: nil)
            return nil
        case .rest(let frame, let left, let reason):
            let count = min(UInt64(left), missing)
            missing &-= count
            state = left == Int(count) ? .ended(frame) : .rest(frame, left: left &- Int(count), as: reason)
            return nil
        case .prelude(let frame):
            // Where the padding begins is not known any more; where the frame ends is.
            let left = frame.length &- held.count
            note(UInt64(held.count), as: .unparsable)
            held.removeAll(keepingCapacity: true)
            if frame.type == .data {
                state = .rest(frame, left: left, as: .unparsable)
                due.append(.dataGap(frame.stream, count: 0))
            } else {
                state = .fragment(frame, left: left, padding: 0)
                damageBlock()
            }
            return nil
        case .preface(let count):
            missing = 0
            counts.framing &-= UInt64(count)
            note(UInt64(count), as: .beforeJoin)
            loseFrames(as: .beforeJoin)
            return nil
        case .header, .searching:
            missing = 0
            note(UInt64(held.count), as: searchReason)
            held.removeAll(keepingCapacity: true)
            loseFrames(as: .beforeJoin)
            return nil
        case .ended:
            preconditionFailure("the end of a frame is told before a gap")
        }
    }

    /// Looks for the next frame, after an unknown number of frames; what is held is where it begins to look.
    mutating func loseFrames(as reason: SkippedBytes) {
        dropBlockUnderWay()
        due.append(.lost)
        searchReason = reason
        state = .searching
    }

    private mutating func dropBlockUnderWay() {
        guard let first = blockFrame else { return }
        damageBlock()
        blockFrame = nil
        due.append(.blockLost(first))
    }

    private mutating func damageBlock() {
        blockIsDamaged = true
        note(UInt64(block.count), as: .unparsable)
        dropBlock()
    }

    private mutating func note(_ count: UInt64, as reason: SkippedBytes) {
        if let step = skip(count, as: reason) { due.append(step) }
    }
}

extension FrameReader {
    /// Looks for the first frame in what is held and what comes.
    ///
    /// Bytes that were given together are taken to have been sent together: see ``FrameSearch``.
    mutating func search(_ bytes: Span<UInt8>, at offset: inout Int) -> FrameStep? {
        guard offset < bytes.count else { return .more }
        if held.isEmpty, bytes.extracting(offset...).starts(with: Self.preface) {
            state = .preface(0)
            return nil
        }
        if held.isEmpty, FrameSearch.verdict(bytes, at: offset, isBoundary: true) == .frames {
            state = .header
            return nil
        }
        let boundary = held.count
        let count = min(bytes.count &- offset, 2 &* FrameSearch.windowBytes &- held.count)
        held.append(contentsOf: bytes.extracting(offset..<offset &+ count))
        offset &+= count
        var first = 0
        look: while first < held.count {
            switch FrameSearch.verdict(held.span, at: first, isBoundary: first == boundary) {
            case .frames:
                passOver(first)
                state = .header
                due.append(.found)
                return nil
            case .needsMore where held.count &- first < FrameSearch.windowBytes: break look
            case .needsMore, .none: first &+= 1
            }
        }
        passOver(first)
        return nil
    }

    /// The bytes in which frames were found; give them before any others.
    mutating func takeFound() -> [UInt8] {
        let found = held
        held = []
        return found
    }

    private mutating func passOver(_ count: Int) {
        note(UInt64(count), as: searchReason)
        held.removeFirst(count)
    }

    /// Where a chain of frames begins that ends with the last byte.
    private func lastChain() -> Int? {
        held.indices.first { FrameSearch.verdict(held.span, at: $0, isBoundary: true) == .frames }
    }
}
