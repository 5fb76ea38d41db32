/// A set of exchange numbers, in pages of 4,096: a bit for each where they lie close together.
package struct ExchangeSet: Sendable {
    private var pages: [UInt64: [UInt64]] = [:]
    /// What came after too many pages.
    package private(set) var leftOut: UInt64 = 0

    /// Pages of 512 bytes: numbers that recorders count fill them, others are bounded by this.
    private static let pageLimit = 65_536

    package init() {}

    package var isEmpty: Bool { pages.isEmpty }

    package mutating func insert(_ exchange: UInt64) {
        let (page, word, bit) = Self.place(of: exchange)
        if pages[page] == nil {
            guard pages.count < Self.pageLimit else {
                leftOut += 1
                return
            }
            pages[page] = Array(repeating: 0, count: 64)
        }
        pages[page]?[word] |= bit
    }

    package func contains(_ exchange: UInt64) -> Bool {
        let (page, word, bit) = Self.place(of: exchange)
        return pages[page].map { $0[word] & bit != 0 } ?? false
    }

    private static func place(of exchange: UInt64) -> (page: UInt64, word: Int, bit: UInt64) {
        (exchange >> 12, Int(exchange >> 6 & 63), 1 << (exchange & 63))
    }
}
