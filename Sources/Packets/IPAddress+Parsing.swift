import Bytes

extension IPAddress {
    /// Reads an address from ASCII text: four decimal numbers without leading zeros, or any form of
    /// RFC 4291, section 2.2, in either case; no zone, no brackets, no prefix length.
    ///
    /// Every byte must belong to the address. O(n), no allocation.
    package init?(parsing text: Span<UInt8>) {
        // The longest form, with every digit and a dotted tail.
        guard text.count <= 45 else { return nil }
        if text.firstIndex(of: 0x3A) == nil {
            guard let address = Self.dotted(text, 0..<text.count) else { return nil }
            self.init(ipv4: address)
        } else {
            guard let (high, low) = Self.groups(text) else { return nil }
            self.init(ipv6High: high, low: low)
        }
    }

    /// Reads an address from a string; the same forms as ``init(parsing:)``.
    package init?(_ text: some StringProtocol) {
        self.init(parsing: Array(text.utf8).span)
    }

    private static func dotted(_ text: Span<UInt8>, _ bounds: Range<Int>) -> UInt32? {
        var address: UInt32 = 0
        var cursor = bounds.lowerBound
        for part in 0..<4 {
            if part > 0 {
                guard cursor < bounds.upperBound, text[cursor] == 0x2E else { return nil }
                cursor += 1
            }
            let start = cursor
            var value: UInt32 = 0
            while cursor < bounds.upperBound, cursor < start + 3, text[cursor].isASCIIDigit {
                value = value * 10 + UInt32(text[cursor] - 0x30)
                cursor += 1
            }
            guard cursor > start, value <= 255, cursor == start + 1 || text[start] != 0x30 else { return nil }
            address = address << 8 | value
        }
        return cursor == bounds.upperBound ? address : nil
    }

    /// The two halves of an IPv6 address.
    private static func groups(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        var address: UInt128 = 0
        var count = 0
        // How many groups stand before "::".
        var gap: Int?
        var cursor = 0
        if text.count >= 2, text[0] == 0x3A, text[1] == 0x3A {
            gap = 0
            cursor = 2
        }
        while cursor < text.count {
            let start = cursor
            var value: UInt128 = 0
            while cursor < text.count, cursor < start + 4, let digit = text[cursor].hexDigitValue {
                value = value << 4 | UInt128(digit)
                cursor += 1
            }
            if cursor < text.count, text[cursor] == 0x2E, count <= 6 {
                guard let tail = dotted(text, start..<text.count) else { return nil }
                address = address << 32 | UInt128(tail)
                count += 2
                cursor = text.count
                break
            }
            guard cursor > start, count < 8 else { return nil }
            address = address << 16 | value
            count += 1
            guard cursor < text.count else { break }
            guard text[cursor] == 0x3A, cursor + 1 < text.count else { return nil }
            cursor += 1
            if text[cursor] == 0x3A {
                guard gap == nil else { return nil }
                gap = count
                cursor += 1
            }
        }
        if let gap {
            // "::" stands for at least one group.
            guard count < 8 else { return nil }
            let behind = UInt128((count - gap) * 16)
            let mask = (UInt128(1) << behind) - 1
            address = (address & ~mask) << UInt128((8 - count) * 16) | address & mask
        } else if count != 8 {
            return nil
        }
        return (UInt64(truncatingIfNeeded: address >> 64), UInt64(truncatingIfNeeded: address))
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by number.
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        if left.isIPv4 != right.isIPv4 { return left.isIPv4 }
        return left.high != right.high ? left.high < right.high : left.low < right.low
    }
}
