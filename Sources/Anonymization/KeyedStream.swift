/// An endless run of numbers that one keyed digest begins: xoshiro256** (Blackman and Vigna, 2018).
///
/// The digest is the state, so that a long pseudonym costs one HMAC. Whoever learns the state has learned a digest,
/// which tells nothing of the key or the value.
struct KeyedStream {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(_ digest: Digest) {
        state = digest.words
        // A state of zeros alone would stay one.
        state.3 |= 1
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// A number below `bound`, which is 1 to 2^32; the bias is below 2^-32.
    mutating func below(_ bound: UInt64) -> UInt64 {
        ((next() >> 32) &* bound) >> 32
    }

    mutating func digit() -> UInt8 { 0x30 + UInt8(truncatingIfNeeded: below(10)) }

    /// `a` to `z`.
    mutating func smallLetter() -> UInt8 { 0x61 + UInt8(truncatingIfNeeded: below(26)) }

    /// One of the bytes of `alphabet`, which is ASCII.
    mutating func letter(of alphabet: StaticString) -> UInt8 {
        alphabet.utf8Start[Int(below(UInt64(alphabet.utf8CodeUnitCount)))]
    }
}
