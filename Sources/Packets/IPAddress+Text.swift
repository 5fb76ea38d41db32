extension IPAddress: CustomStringConvertible {
    /// The canonical text: dotted decimal, or RFC 5952.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the canonical text in ASCII, at most 45 bytes.
    package func append(to output: inout [UInt8]) {
        guard !isIPv4 else { return Self.appendDotted(UInt32(truncatingIfNeeded: low), to: &output) }
        let run = longestZeroRun
        // RFC 5952, section 5: addresses that map IPv4 keep its notation.
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        let groups = isMapped ? 6 : 8
        var index = 0
        while index < groups {
            if let run, index == run.lowerBound {
                output.append(contentsOf: [0x3A, 0x3A])
                index = run.upperBound
                continue
            }
            if index > 0, run?.upperBound != index { output.append(0x3A) }
            Self.appendHex(group(index), to: &output)
            index += 1
        }
        if isMapped {
            output.append(0x3A)
            Self.appendDotted(UInt32(truncatingIfNeeded: low), to: &output)
        }
    }

    private func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64((3 - index & 3) * 16))
    }

    /// The first of the longest runs of two or more zero groups.
    private var longestZeroRun: Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for index in 0...8 where index == 8 || group(index) != 0 {
            if index - start >= 2, index - start > best?.count ?? 0 { best = start..<index }
            start = index + 1
        }
        return best
    }

    private static func appendDotted(_ address: UInt32, to output: inout [UInt8]) {
        for shift: UInt32 in [24, 16, 8, 0] {
            output.appendDecimal(UInt16(truncatingIfNeeded: address >> shift & 0xFF))
            if shift > 0 { output.append(0x2E) }
        }
    }

    private static func appendHex(_ group: UInt16, to output: inout [UInt8]) {
        var shift: UInt16 = 12
        while shift > 0, group >> shift == 0 { shift -= 4 }
        while true {
            let digit = UInt8(truncatingIfNeeded: group >> shift & 0xF)
            output.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
            if shift == 0 { return }
            shift -= 4
        }
    }
}

extension Array where Element == UInt8 {
    /// Appends a number in decimal ASCII digits.
    mutating func appendDecimal(_ value: UInt16) {
        var divisor: UInt16 = 10_000
        while divisor > 1, value < divisor { divisor /= 10 }
        while divisor > 0 {
            append(0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
