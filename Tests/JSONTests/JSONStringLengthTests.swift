import Bytes
import JSON
import Testing

/// Strings are scanned several bytes at a time: what ends one, or spoils it, is seen at every place of a step.
@Suite struct JSONStringLengthTests {
    private func tokens(_ text: [UInt8]) throws -> [JSONToken] {
        var scanner = JSONScanner(text.span)
        var tokens: [JSONToken] = []
        while let token = try scanner.next() { tokens.append(token) }
        return tokens
    }

    @Test(arguments: 0..<34)
    func whereItEndsIsSeen(length: Int) throws {
        let inside = [UInt8](repeating: 0x61, count: length)
        // With and without something behind it, so that the last step is a whole one or not.
        for behind in ["", " ", "          "] {
            let text = [0x22] + inside + [0x22] + Array(behind.utf8)
            #expect(try tokens(text) == [.string(ByteRange(offset: 1, count: length))])
        }
        #expect(throws: JSONError.self) { try tokens([0x22] + inside) }
        for position in inside.indices {
            for spoiler: UInt8 in [0x00, 0x1F, 0x80, 0xFF, 0x22, 0x5C] {
                var spoiled = inside
                spoiled[position] = spoiler
                let text = [0x22] + spoiled + [0x22]
                #expect(throws: JSONError.self, "\(spoiler) at \(position)") { try tokens(text) }
            }
        }
    }

    @Test(arguments: 0..<20)
    func escapesAreTold(length: Int) throws {
        for (inside, hasEscapes) in [("", false), ("\\n", true), ("é", false), ("é\\u0041", true)] {
            let text = "{\"" + String(repeating: "k", count: length) + inside + "\":1}"
            let bytes = Array(text.utf8)
            var scanner = JSONScanner(bytes.span)
            var told: Bool?
            while let token = try scanner.next() {
                if case .key = token { told = scanner.hasEscapes }
            }
            #expect(told == hasEscapes, "\(text)")
        }
    }
}
