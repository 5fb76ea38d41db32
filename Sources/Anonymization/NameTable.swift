/// Values by 64-bit numbers of names, in open addressing; what is looked up has been mixed already.
///
/// It is filled once. At least half of its places are empty, so that a look ends after few steps.
struct NameTable<Value: Sendable>: Sendable {
    private var numbers: [UInt64] = Array(repeating: 0, count: 8)
    private var values: [Value?] = Array(repeating: nil, count: 8)
    private var count = 0

    subscript(_ number: UInt64) -> Value? {
        get { values[place(of: number)] }
        set {
            if 2 &* count >= values.count { grow() }
            let place = place(of: number)
            if values[place] == nil { count &+= 1 }
            numbers[place] = number
            values[place] = newValue
        }
    }

    /// Where the number stands, or the empty place where it would.
    @inline(__always)
    private func place(of number: UInt64) -> Int {
        let mask = values.count &- 1
        var place = Int(truncatingIfNeeded: number ^ number >> 32) & mask
        while values[place] != nil, numbers[place] != number { place = (place &+ 1) & mask }
        return place
    }

    private mutating func grow() {
        let (oldNumbers, oldValues) = (numbers, values)
        numbers = Array(repeating: 0, count: 2 &* oldValues.count)
        values = Array(repeating: nil, count: 2 &* oldValues.count)
        for (number, value) in zip(oldNumbers, oldValues) where value != nil {
            let place = place(of: number)
            numbers[place] = number
            values[place] = value
        }
    }
}
