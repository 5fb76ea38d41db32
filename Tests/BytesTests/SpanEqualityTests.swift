import Bytes
import Testing

@Suite struct SpanEqualityTests {
    private static let text = Array("POST /hooks/orders HTTP/1.1, and a little more than that".utf8)

    private func number(_ bytes: ArraySlice<UInt8>, seed: UInt64 = 0) -> UInt64 {
        Array(bytes).span.number(seed: seed)
    }

    private func areEqual(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        Array(left).span.equals(Array(right).span)
    }

    /// Every length has another mix of whole steps, of a last step that overlaps, and of single bytes.
    @Test(arguments: 0...40)
    func eachByteCounts(length: Int) {
        let bytes = Self.text[..<length]
        // At another place in memory, and so at another alignment.
        let moved = [0x20] + bytes
        let isSame = moved.span.extracting(1..<length + 1).equals(Array(bytes).span)
        let numberOfMoved = moved.span.extracting(1..<length + 1).number()
        #expect(isSame)
        #expect(number(bytes) == numberOfMoved)
        for index in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var other = bytes
                other[index] ^= 1 << bit
                #expect(!areEqual(bytes, other))
                #expect(number(bytes) != number(other), "bit \(bit) of byte \(index)")
            }
        }
        #expect(!areEqual(bytes, bytes + [0]))
        #expect(number(bytes) != number(bytes + [0]))
        #expect(number(bytes) != number(bytes, seed: 1))
    }

    /// Every length and every place of the first other byte; what lies behind `limit` is another's.
    @Test(arguments: 0...40)
    func whatIsAlikeAtTheStart(length: Int) {
        let other = Array(Self.text[..<length])
        for offset in [0, 1, 5] {
            let moved = Array(repeating: 0x20, count: offset) + Self.text[..<length]
            #expect(moved.span.commonPrefix(with: other.span, from: offset) == length)
            let longer = moved + [0x21]
            #expect(longer.span.commonPrefix(with: other.span, from: offset) == length)
            #expect(moved.span.commonPrefix(with: (other + [0x21]).span, from: offset) == length)
            for index in 0..<length {
                var changed = moved
                changed[offset + index] ^= 0x80
                #expect(changed.span.commonPrefix(with: other.span, from: offset) == index)
                // The first one counts.
                changed[changed.count - 1] ^= 1
                #expect(changed.span.commonPrefix(with: other.span, from: offset) == index)
            }
        }
    }

    /// Every length, so that whole steps and each kind of rest are met.
    @Test(arguments: 0...40)
    func caseDoesNotCountWhereItShallNot(length: Int) {
        let bytes = Array(Self.text[..<length])
        let small = bytes.map(\.asciiLowercased)
        var appended: [UInt8] = [0x41]
        appended.append(lowercasing: bytes.span)
        #expect(appended == [0x41] + small)
        #expect(bytes.span.caselessNumber(seed: 3) == small.span.caselessNumber(seed: 3))
        #expect(small.span.caselessNumber(seed: 3) == small.span.number(seed: 3))
        let isEqual = bytes.span.equalsIgnoringCase(small.span)
        #expect(isEqual)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(other.span.caselessNumber() != bytes.span.caselessNumber())
            let isEqual = other.span.equalsIgnoringCase(small.span)
            #expect(!isEqual)
        }
    }

    /// Values that differ in one or two of their bytes, wherever those stand, find places of their own: a table of 2,048
    /// places takes 100 of them with few that meet.
    @Test(arguments: ["+1 202 555 01##", "##.2.0.192", "evt_##00000000000000", "a##@example.com"])
    func neighboursFindPlacesOfTheirOwn(pattern: String) {
        var places: Set<UInt64> = []
        for value in 0..<100 {
            let digits = value < 10 ? "0\(value)" : "\(value)"
            let text = Array(
                pattern.split(separator: "##", omittingEmptySubsequences: false).joined(separator: digits)
                    .utf8
            )
            places.insert(number(text[...]) & 2047)
        }
        #expect(places.count > 90)
    }

    /// What is left behind the whole steps is looked at in a step that overlaps, or byte by byte.
    @Test(arguments: 0..<34)
    func theFirstOfAByteIsFoundWhereverTheSearchBegins(length: Int) {
        for position in 0..<length {
            var bytes = [UInt8](repeating: 0x61, count: length)
            // The neighbours differ by one from what is searched for.
            for index in bytes.indices where index % 3 == 0 { bytes[index] = 0x0B }
            bytes[position] = 0x0A
            for start in 0..<length + 1 {
                #expect(bytes.span.firstIndex(of: 0x0A, from: start) == (start <= position ? position : nil))
            }
        }
    }

    @Test func runsAreOverwrittenInPlace() {
        var bytes = Array("0123456789".utf8)
        bytes.overwrite(at: 3, with: Array("abc".utf8).span)
        bytes.overwrite(at: 9, with: Array("z".utf8).span)
        bytes.overwrite(at: 10, with: Array("".utf8).span)
        #expect(String(decoding: bytes, as: UTF8.self) == "012abc678z")
    }
}
