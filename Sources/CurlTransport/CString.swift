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

    /// Replaces the content by a number in decimal digits between two short texts; O(digits).
    mutating func set(_ start: StaticString, decimal number: UInt64, _ end: StaticString) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        count = start.utf8CodeUnitCount + digits + end.utf8CodeUnitCount
        precondition(count < capacity, "texts around a number are short")
        for index in 0..<start.utf8CodeUnitCount {
            pointer[index] = CChar(bitPattern: start.utf8Start[index])
        }
        rest = number
        for index in (0..<digits).reversed() {
            pointer[start.utf8CodeUnitCount + index] = CChar(0x30 + rest % 10)
            rest /= 10
        }
        let place = start.utf8CodeUnitCount + digits
        for index in 0..<end.utf8CodeUnitCount {
            pointer[place + index] = CChar(bitPattern: end.utf8Start[index])
        }
        pointer[count] = 0
    }
}
