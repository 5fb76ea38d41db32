/// How the time stamps of a capture file's interface count.
struct TimestampScale: Hashable, Sendable {
    private enum Unit: Hashable {
        /// One unit is this many nanoseconds.
        case nanoseconds(UInt64)
        /// One nanosecond is this many units.
        case perNanosecond(UInt64)
        /// One unit is 2 to the minus this many seconds.
        case binary(UInt8)
        /// A unit so short that no 64-bit time stamp reaches a nanosecond.
        case negligible
    }

    private let unit: Unit
    /// What is added to each time stamp, in nanoseconds.
    private let base: Int64

    /// What pcapng files use unless they say otherwise.
    static let microseconds = TimestampScale(resolution: 6, offset: 0)

    /// Takes the values of the options if_tsresol and if_tsoffset (pcapng draft, section 4.2).
    ///
    /// - Parameters:
    ///   - resolution: A negative power of ten or, with the top bit set, of two, in seconds.
    ///   - offset: Seconds to add to each time stamp.
    init(resolution: UInt8, offset: Int64) {
        let exponent = resolution & 0x7F
        if resolution & 0x80 != 0 {
            unit = .binary(exponent)
        } else if exponent <= 9 {
            unit = .nanoseconds(Self.powerOfTen(9 - exponent))
        } else if exponent <= 28 {
            unit = .perNanosecond(Self.powerOfTen(exponent - 9))
        } else {
            unit = .negligible
        }
        let (product, overflow) = offset.multipliedReportingOverflow(by: 1_000_000_000)
        base = overflow ? (offset < 0 ? .min : .max) : product
    }

    /// The moment that a time stamp means, held at the ends of the range.
    func time(_ stamp: UInt64) -> PacketTime {
        let sinceBase: Int64
        switch unit {
        case .nanoseconds(let factor):
            let (product, overflow) = stamp.multipliedReportingOverflow(by: factor)
            sinceBase = overflow ? .max : Int64(clamping: product)
        case .perNanosecond(let divisor):
            sinceBase = Int64(clamping: stamp / divisor)
        case .binary(let exponent):
            sinceBase = Int64(clamping: (UInt128(stamp) * 1_000_000_000) >> UInt128(exponent))
        case .negligible:
            sinceBase = 0
        }
        return PacketTime(nanoseconds: base).advanced(by: sinceBase)
    }

    /// `exponent` is at most 19, the largest that 64 bits hold.
    private static func powerOfTen(_ exponent: UInt8) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 10 }
        return power
    }
}
