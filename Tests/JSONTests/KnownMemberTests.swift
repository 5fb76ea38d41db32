import JSON
import Testing

/// Members that a scanner passes over because they are known from another text.
@Suite struct KnownMemberTests {
    /// Where a member stands in a text, up to its colon and up to the end of a value that is no object and no array.
    private struct Member {
        var isFirst: Bool
        var start: Int
        var nameEnd: Int
        var valueEnd: Int?
    }

    private func members(of text: [UInt8]) throws -> [Member] {
        var members: [Member] = []
        var scanner = JSONScanner(text.span)
        while true {
            let (start, isAtMember, isFirst) = (scanner.offset, scanner.isAtMember, scanner.isAtFirstMember)
            guard let token = try scanner.next() else { return members }
            switch token {
            case .key:
                #expect(isAtMember)
                members.append(Member(isFirst: isFirst, start: start, nameEnd: scanner.offset))
            case .string, .number, .bool, .null:
                if members.last?.nameEnd == start { members[members.count - 1].valueEnd = scanner.offset }
            case .beginObject, .endObject, .beginArray, .endArray: break
            }
        }
    }

    private static let text = Array(
        #"{"a":1 , "b" : [2,{"c":3}],"a":{"d":null,\#n"e":"x\u0041é"} ,"f":true,"g":-1.5e3, "h" :{ } }"#.utf8
    )

    /// What follows is read as if each had been read.
    @Test(arguments: [false, true])
    func passesOverMembersThatAreKnown(withValues: Bool) throws {
        let members = try members(of: Self.text)
        #expect(members.map(\.isFirst) == [true, false, true, false, true, false, false, false, false])
        #expect(members.compactMap(\.valueEnd).count == 6)
        var tokens: [JSONToken] = []
        var plain = JSONScanner(Self.text.span)
        while let token = try plain.next() { tokens.append(token) }
        // Without one after the other, so that each is passed over where the others were read.
        for left in -1..<members.count {
            var scanner = JSONScanner(Self.text.span)
            var rest: [JSONToken] = []
            var passed = 0
            while true {
                if let index = members.firstIndex(where: { $0.start == scanner.offset }), index != left {
                    let member = members[index]
                    let end = withValues ? member.valueEnd ?? member.nameEnd : member.nameEnd
                    let found = scanner.passMember(
                        Self.text.span.extracting(member.start..<end),
                        nameLength: member.nameEnd - member.start
                    )
                    #expect(found == (end == member.nameEnd ? .name : .nameAndValue))
                    passed += found == .nameAndValue ? 2 : 1
                    if end > member.nameEnd { continue }
                }
                guard let token = try scanner.next() else { break }
                rest.append(token)
            }
            #expect(rest.count + passed == tokens.count)
            #expect(scanner.offset == Self.text.count)
        }
    }

    /// Where the text does not go on so, or nothing of the kind can come, it is left alone; a value that goes on is read.
    @Test(
        arguments: [
            (#"{"a":1,"b":2}"#, 3, #","c":"#, "", .nothing), (#"{"a":1,"b":2}"#, 3, #","b":"#, "", .name),
            (#"{"a":1,"b":2}"#, 3, "", "", .nothing), (#"{"a":1,"b":2}"#, 3, #","b":"#, "2", .nameAndValue),
            (#"{"a":1,"b":2}"#, 3, #","b":"#, "3", .name),
            // No member can come behind a colon or in an array.
            (#"{"a":1,"b":2}"#, 2, #","b":"#, "", .nothing), (#"[1,"b",2]"#, 2, #","b":"#, "", .nothing),
            (#"{"a":1 ,"b":2}"#, 3, #","b":"#, "", .nothing), (#"{"a":1,"b":2}"#, 0, #""a":"#, "", .nothing),
            (#"{"a":1,"b":2}"#, 1, #""a":"#, "1", .nameAndValue),
            // Numbers that only begin alike.
            (#"{"a":12}"#, 1, #""a":"#, "1", .name), (#"{"a":1.5}"#, 1, #""a":"#, "1", .name),
            (#"{"a":1e5}"#, 1, #""a":"#, "1", .name), (#"{"a":1E5}"#, 1, #""a":"#, "1", .name),
            (#"{"a":1 }"#, 1, #""a":"#, "1", .nameAndValue), (#"{"a": 1}"#, 1, #""a":"#, "1", .name),
            // Strings are only alike with their ends.
            (#"{"a":"xy"}"#, 1, #""a":"#, #""x""#, .name), (#"{"a":"x"}"#, 1, #""a":"#, #""xy""#, .name),
            (#"{"a":"x","b":2}"#, 1, #""a":"#, #""x""#, .nameAndValue),
        ] as [(String, Int, String, String, JSONScanner.PassedMember)]
    )
    func passesOverNothingElse(
        _ row: (text: String, tokens: Int, name: String, value: String, passed: JSONScanner.PassedMember)
    ) throws {
        let text = Array(row.text.utf8)
        let known = Array((row.name + row.value).utf8)
        var scanner = JSONScanner(text.span)
        var plain = JSONScanner(text.span)
        for _ in 0..<row.tokens {
            _ = try scanner.next()
            _ = try plain.next()
        }
        let passed = scanner.passMember(known.span, nameLength: row.name.utf8.count)
        #expect(passed == row.passed)
        if passed != .nothing { _ = try plain.next() }
        if passed == .nameAndValue { _ = try plain.next() }
        #expect(scanner.offset == plain.offset)
        #expect(scanner.isAtMember == plain.isAtMember)
        #expect(scanner.isAtFirstMember == plain.isAtFirstMember)
        while let token = try plain.next() {
            let other = try scanner.next()
            #expect(other == token)
        }
        #expect(try scanner.next() == nil)
    }

    /// What is no JSON behind a number that is known stays none, in the same place.
    @Test(arguments: ["{\"a\":1-}", "{\"a\":1x}", "{\"a\":1", "{\"a\":1]", "{\"a\":01}"])
    func refusesWhatStandsBehind(_ text: String) throws {
        let bytes = Array(text.utf8)
        let known = Array((text.contains("01") ? #""a":0"# : #""a":1"#).utf8)
        func error(passing: Bool) throws -> JSONError? {
            var scanner = JSONScanner(bytes.span)
            do {
                _ = try scanner.next()
                if passing { _ = scanner.passMember(known.span, nameLength: 4) }
                while try scanner.next() != nil {}
                return nil
            } catch { return error }
        }
        let plain = try error(passing: false)
        #expect(plain != nil)
        #expect(try error(passing: true) == plain)
    }
}
