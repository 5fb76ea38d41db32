/// A set of exchanges, a bit for each where their numbers lie close together, as a recorder gives them.
struct ExchangeSet: Sendable {
    private struct Page: Hashable {
        var number: UInt64
        var loop: UInt32
        var copy: UInt32
    }

    /// Pages kept; what lies on others is not remembered, so that strangers' numbers take a bounded room: 64 MiB.
    private static let mostPages = 1 << 16
    private static let wordsPerPage = 64

    private var pages: [Page: [UInt64]] = [:]

    mutating func insert(_ key: ExchangeKey) {
        let (page, word, bit) = Self.split(key)
        if pages[page] == nil {
            guard pages.count < Self.mostPages else { return }
            pages[page] = Array(repeating: 0, count: Self.wordsPerPage)
        }
        pages[page]?[word] |= bit
    }

    func contains(_ key: ExchangeKey) -> Bool {
        let (page, word, bit) = Self.split(key)
        return pages[page].map { $0[word] & bit != 0 } ?? false
    }

    private static func split(_ key: ExchangeKey) -> (Page, word: Int, bit: UInt64) {
        let page = Page(number: key.exchange >> 12, loop: key.loop, copy: key.copy)
        return (page, Int(key.exchange >> 6 & 63), 1 << (key.exchange & 63))
    }
}
