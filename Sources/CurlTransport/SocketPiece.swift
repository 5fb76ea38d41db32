/// Bytes that wait for a connection, in a place of their own.
///
/// TLS takes what it did not take at once only from where it stood before, and as long as it was.
final class SocketPiece {
    /// As much as one record of TLS carries.
    static let capacity = 16 << 10

    private let memory = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    private var start = 0
    private var end = 0

    deinit { memory.deallocate() }

    var isEmpty: Bool { start == end }

    /// What is left.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory + start, count: end - start) }

    /// Takes as many of `bytes` as fit, in the place of what it held, and answers how many.
    func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
        start = 0
        end = min(bytes.count, Self.capacity)
        if let base = bytes.baseAddress { memory.copyMemory(from: base, byteCount: end) }
        return end
    }

    func removeFirst(_ count: Int) { start += min(count, end - start) }
}
