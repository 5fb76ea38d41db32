import Bytes

/// A value in 128 bits: tables keep this, never the value.
///
/// Two values that a table takes for one would have to agree in both numbers.
struct ValueDigest: Hashable, Sendable {
    private let low: UInt64
    private let high: UInt64

    init(_ value: Span<UInt8>, seed: UInt64 = 0) {
        low = value.isEmpty ? seed : value.number(seed: seed ^ 0x5851_F42D_4C95_7F2D)
        high = value.isEmpty ? seed : value.number(seed: seed ^ 0xD1B5_4A32_D192_ED03)
    }

    /// For tables that can do with half of it.
    var key: UInt64 { high }

    static func == (left: ValueDigest, right: ValueDigest) -> Bool {
        left.low == right.low && left.high == right.high
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(low)
    }
}
