import Bytes

/// A NUL-terminated string in memory that is used again.
struct CString: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<CChar>
    private var capacity: Int
    private var count = 0

    init(capacity: Int = 64) {
        self.capacity = capacity
        pointer = .allocate(capacity: capacity)
        pointer[0] = 0
    }

    deinit {
        pointer.deallocate()
    }

    /// Replaces the content; answers whether it was different before.
    mutating func set(_ bytes: some Collection<UInt8>) -> Bool {
        if bytes.count == count {
            var index = 0
            let isSame = bytes.allSatisfy { byte in
                defer { index += 1 }
                return pointer[index] == CChar(bitPattern: byte)
            }
            if isSame { return false }
        }
        if bytes.count + 1 > capacity {
            pointer.deallocate()
            capacity = (bytes.count + 1) * 2
            pointer = .allocate(capacity: capacity)
        }
        var index = 0
        for byte in bytes {
            pointer[index] = CChar(bitPattern: byte)
            index += 1
        }
        pointer[index] = 0
        count = index
        return true
    }
}
