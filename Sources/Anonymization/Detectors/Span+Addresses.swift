import Bytes
import Packets

extension Span where Element == UInt8 {
    /// The end of the dotted IPv4 address that starts at `start`, if one does that could be a client's.
    ///
    /// Versions of products (`Chrome/126.0.0.0`) and longer dotted numbers are none; neither are this host
    /// (127/8, 0.0.0.0) and the broadcast address, which say nothing of anybody.
    func ipv4AddressEnd(at start: Int) -> Int? {
        let before = byte(start &- 1)
        if before == 0x2E || before == 0x2D || before == 0x2F && byte(start &- 2).isWordByte { return nil }
        var index = start
        var dots = 0
        while index < count, index < start &+ 15, self[index].isASCIIDigit || self[index] == 0x2E {
            if self[index] == 0x2E {
                guard dots < 3 else { break }
                dots &+= 1
            }
            index &+= 1
        }
        guard dots == 3, let address = IPAddress(parsing: extracting(start..<index)) else { return nil }
        let after = byte(index)
        if after.isWordByte || after == 0x40 || after == 0x2D && byte(index &+ 1).isWordByte { return nil }
        if after == 0x2E, byte(index &+ 1).isASCIIDigit { return nil }
        return address.low >> 24 == 127 || address.low == 0 || address.low == 0xFFFF_FFFF ? nil : index
    }

    /// Where the IPv6 address stands one of whose colons is at `colon`; not `::1` and `::`.
    func ipv6Address(around colon: Int, from floor: Int) -> Range<Int>? {
        var start = colon
        let first = Swift.max(floor, colon &- 4)
        while start > first, self[start &- 1].hexDigitValue != nil { start &-= 1 }
        if byte(start &- 1).isWordByte || byte(start &- 1) == 0x3A { return nil }
        var end = colon
        var colons = 0
        var digits = 0
        while end < count, end < start &+ 45 {
            let byte = self[end]
            if byte == 0x3A {
                colons &+= 1
            } else if byte.hexDigitValue != nil {
                digits &+= 1
            } else if byte != 0x2E || colons < 2 {
                break
            }
            end &+= 1
        }
        // A full stop or colon behind belongs to the sentence.
        while end > colon, self[end &- 1] == 0x2E || self[end &- 1] == 0x3A && byte(end &- 2) != 0x3A {
            if self[end &- 1] == 0x3A { colons &-= 1 }
            end &-= 1
        }
        guard colons >= 2, digits >= 2, !byte(end).isWordByte else { return nil }
        guard let address = IPAddress(parsing: extracting(start..<end)) else { return nil }
        // `a::b` is more often a name of a program than an address.
        if end &- start < 6 && address.high >> 61 != 1 && address.high >> 57 != 0x7E { return nil }
        return address.high == 0 && address.low <= 1 ? nil : start..<end
    }
}
