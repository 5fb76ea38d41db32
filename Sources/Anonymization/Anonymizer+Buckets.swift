import Bytes

extension Anonymizer {
    /// Appends the lower edge of the range that a number lies in, with as many decimals as the number is written with.
    ///
    /// Answers false, with nothing appended, for what is no number or lies too far out for its edge to be told.
    mutating func appendBucket(_ value: Span<UInt8>, _ treatment: Treatment, to output: inout [UInt8]) -> Bool
    {
        guard case .bucket(let buckets) = catalog.entries[Int(treatment.rule)].parameters,
            let number = Double(value.numberText), number.isFinite
        else { return false }
        let point = value.firstIndex(of: 0x2E)
        var decimals = 0
        if let point {
            var index = point &+ 1
            while index < value.count, value[index].isASCIIDigit { index &+= 1 }
            decimals = Swift.min(index &- point &- 1, 9)
        }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (buckets.lowerEdge(of: number) * scale).rounded()
        guard let whole = Int64(exactly: scaled), abs(whole) < 1 << 53 else { return false }
        if whole < 0 { output.append(0x2D) }
        var digits = Array(String(whole.magnitude).utf8)
        while digits.count <= decimals { digits.insert(0x30, at: 0) }
        output.append(contentsOf: digits[..<(digits.count - decimals)])
        if decimals > 0 {
            output.append(0x2E)
            output.append(contentsOf: digits[(digits.count - decimals)...])
        }
        return true
    }
}

extension Span where Element == UInt8 {
    /// The text if it is a number in decimal notation, else one that is none.
    fileprivate var numberText: String {
        guard (1...40).contains(count) else { return "" }
        for index in indices {
            switch self[index] {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: continue
            default: return ""
            }
        }
        return String(decoding: Array(self), as: UTF8.self)
    }
}
