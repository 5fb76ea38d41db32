import Bytes

/// Takes choices and runs of bytes from an input; where it is used up, zeros and nothing.
struct FuzzInput: ~Escapable {
    private var cursor: ByteCursor
    private let bytes: Span<UInt8>

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        cursor = ByteCursor(bytes)
    }

    var isEmpty: Bool { cursor.remaining == 0 }

    @_lifetime(self: copy self)
    mutating func byte() -> UInt8 { cursor.littleEndian(UInt8.self) ?? 0 }

    @_lifetime(self: copy self)
    mutating func word() -> UInt16 { cursor.littleEndian(UInt16.self) ?? UInt16(byte()) }

    @_lifetime(self: copy self)
    mutating func word32() -> UInt32 { UInt32(word()) | UInt32(word()) << 16 }

    /// The next `count` bytes, or what is left.
    @_lifetime(self: copy self)
    mutating func bytes(_ count: Int) -> [UInt8] {
        guard let range = cursor.range(min(count, cursor.remaining)) else { return [] }
        return Array(bytes.extracting(range.bounds))
    }

    @_lifetime(self: copy self)
    mutating func rest() -> [UInt8] { bytes(cursor.remaining) }
}
