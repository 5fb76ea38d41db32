import Bytes

/// Remembers what was found out about the short texts that were met last, each in one of the two places that its bytes
/// choose.
///
/// Traffic repeats itself: the same names of fields, the same values of headers, the same domains come again and again.
/// A text is compared as a whole, so that one which shares its places with others is found out about anew and nothing
/// else. All memory is allocated once.
struct TextMemory<Value: BitwiseCopyable & Sendable>: Sendable {
    private struct Slot {
        var parent: UInt64 = 0
        var value: Value?
        var tag: UInt8 = 0
        /// The length of the text.
        var length: UInt8 = 0
    }

    private let longestText: Int
    private var texts: [UInt8]
    private var slots: [Slot]
    /// By pair of places, which of the two was written last.
    private var latest: [UInt8]

    /// Remembers `places` texts, a power of two from two on, of up to `longestText` bytes, at most 255; longer ones never.
    init(places: Int, longestText: Int) {
        precondition(
            places.nonzeroBitCount == 1 && places > 1 && longestText < 256,
            "a memory has a power of two of places"
        )
        self.longestText = longestText
        texts = Array(repeating: 0, count: places * longestText)
        slots = Array(repeating: Slot(), count: places)
        latest = Array(repeating: 0, count: places / 2)
    }

    /// What is known of `text`, in the context that the two numbers stand for. Of an empty text nothing is.
    func recall(_ text: Span<UInt8>, under parent: UInt64 = 0, tag: UInt8 = 0) -> Value? {
        guard !text.isEmpty, text.count <= longestText else { return nil }
        let pair = pair(of: text, parent, tag)
        for place in 2 &* pair...2 &* pair &+ 1 {
            let slot = slots[place]
            let start = place &* longestText
            if Int(slot.length) == text.count, slot.parent == parent, slot.tag == tag,
                texts.span.extracting(start..<start &+ text.count).equals(text)
            {
                return slot.value
            }
        }
        return nil
    }

    /// Puts a text in the place of the one of its pair that has been there longer.
    mutating func remember(_ text: Span<UInt8>, under parent: UInt64 = 0, tag: UInt8 = 0, _ value: Value) {
        guard !text.isEmpty, text.count <= longestText else { return }
        let pair = pair(of: text, parent, tag)
        let side = latest[pair] ^ 1
        latest[pair] = side
        let place = 2 &* pair &+ Int(side)
        slots[place] = Slot(parent: parent, value: value, tag: tag, length: UInt8(text.count))
        texts.overwrite(at: place &* longestText, with: text)
    }

    private func pair(of text: Span<UInt8>, _ parent: UInt64, _ tag: UInt8) -> Int {
        let number = text.number(seed: parent ^ UInt64(tag) &* 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: number) & (latest.count &- 1)
    }
}
