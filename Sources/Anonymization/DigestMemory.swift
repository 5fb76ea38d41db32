import Bytes

/// Remembers the keyed digests of short texts, each in the one place that its bytes choose.
///
/// Pseudonyms are made of parts, such as the domain of an e-mail address or the networks of an IP address, which come
/// again far more often than the whole. About 80 KB, allocated once.
struct DigestMemory {
    /// How many digests are remembered; a power of two.
    static let places = 1024
    /// Longer texts are not remembered.
    static let longestText = 47
    private static let digestLength = 32
    /// The text with its length in front.
    private static let stride = longestText + 1

    private var texts: [UInt8] = Array(repeating: 0, count: places * stride)
    private var digests: [UInt8] = Array(repeating: 0, count: places * digestLength)

    /// Puts the digest of `text` in the place of `digest`; false if it is not remembered. An empty text never is.
    func recall(_ text: [UInt8], into digest: inout [UInt8]) -> Bool {
        guard (1...Self.longestText).contains(text.count) else { return false }
        let place = Self.place(of: text.span)
        let known = texts.span.extracting(place &* Self.stride..<(place &+ 1) &* Self.stride)
        guard Int(known[0]) == text.count, known.extracting(1...text.count).equals(text.span) else {
            return false
        }
        digest.removeAll(keepingCapacity: true)
        let start = place &* Self.digestLength
        digest.append(contentsOf: digests.span.extracting(start..<start &+ Self.digestLength))
        return true
    }

    mutating func remember(_ text: [UInt8], digest: [UInt8]) {
        guard (1...Self.longestText).contains(text.count), digest.count == Self.digestLength else { return }
        let place = Self.place(of: text.span)
        texts[place &* Self.stride] = UInt8(text.count)
        for index in text.indices { texts[place &* Self.stride &+ 1 &+ index] = text[index] }
        for index in digest.indices { digests[place &* Self.digestLength &+ index] = digest[index] }
    }

    private static func place(of text: Span<UInt8>) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in text.indices { hash = (hash ^ UInt64(text[index])) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & (places &- 1)
    }
}
