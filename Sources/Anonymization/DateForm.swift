import Bytes

/// How a date is written: eight digits, or three groups between `-`, `/` or `.`, one of them of four digits.
struct DateForm {
    /// How many bytes the date takes; a time may follow.
    let length: Int
    /// Where the year starts.
    let year: Int
    private let isCompact: Bool

    init?(_ value: Span<UInt8>) {
        var groups: [Range<Int>] = []
        var index = 0
        while index < value.count, groups.count < 3 {
            let start = index
            while index < value.count, value[index].isASCIIDigit { index &+= 1 }
            guard index > start else { break }
            groups.append(start..<index)
            let isSeparator =
                index < value.count && (value[index] == 0x2D || value[index] == 0x2F || value[index] == 0x2E)
            guard isSeparator, groups.count < 3 else { break }
            index &+= 1
        }
        if groups.count == 1, groups[0].count == 8, value.count == 8 {
            let century = (value[0] &- 0x30) &* 10 &+ (value[1] &- 0x30)
            self.init(length: 8, year: century == 19 || century == 20 ? 0 : 4, isCompact: true)
            return
        }
        guard groups.count == 3, let year = groups.first(where: { $0.count == 4 }),
            groups.allSatisfy({ $0 == year || $0.count <= 2 })
        else { return nil }
        self.init(length: groups[2].upperBound, year: year.lowerBound, isCompact: false)
    }

    private init(length: Int, year: Int, isCompact: Bool) {
        self.length = length
        self.year = year
        self.isCompact = isCompact
    }

    /// How many digits the day or month at `index` has: 1 or 2.
    func width(at index: Int, in value: Span<UInt8>) -> Int {
        isCompact || index &+ 1 < length && value[index &+ 1].isASCIIDigit ? 2 : 1
    }
}
