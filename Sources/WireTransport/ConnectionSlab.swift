/// The connections of a transport by slot, in memory of their own: each look at one in an array would ask whether somebody
/// else has the array.
struct ConnectionSlab: ~Copyable {
    private var base: UnsafeMutablePointer<WireConnection>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = capacity
        base = .allocate(capacity: capacity)
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    var indices: Range<Int> { 0..<count }

    subscript(slot: Int) -> WireConnection {
        unsafeAddress {
            precondition(slot >= 0 && slot < count, "no connection has slot \(slot)")
            return UnsafePointer(base + slot)
        }
        unsafeMutableAddress {
            precondition(slot >= 0 && slot < count, "no connection has slot \(slot)")
            return base + slot
        }
    }

    /// Amortized O(1).
    mutating func append(_ connection: consuming WireConnection) {
        if count == capacity {
            let larger = UnsafeMutablePointer<WireConnection>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: base, count: count)
            base.deallocate()
            base = larger
            capacity *= 2
        }
        (base + count).initialize(to: connection)
        count += 1
    }
}
