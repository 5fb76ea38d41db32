import HeaderCompression
import Testing

/// Header blocks to fields (RFC 7541), from the beginning of a connection and joined in the middle.
@Suite struct HPACKDecoderTests {
    struct Row: CustomTestStringConvertible {
        var blocks: [String]
        var fields: [[Field]]
        var reason: String

        var testDescription: String { reason }
    }

    static let wholeRows = [
        Row(
            blocks: ["400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"],
            fields: [[Field("custom-key", "custom-header")]],
            reason: "RFC 7541, C.2.1: a literal that is added to the table"
        ),
        Row(
            blocks: ["82"],
            fields: [[Field(":method", "GET")]],
            reason: "C.2.4: an entry of the static table"
        ),
        Row(
            blocks: [
                "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "8286 84be 5886 a8eb 1064 9cbf",
                "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
            ],
            fields: [
                [
                    Field(":method", "GET"), Field(":scheme", "http"), Field(":path", "/"),
                    Field(":authority", "www.example.com"),
                ],
                [
                    Field(":method", "GET"), Field(":scheme", "http"), Field(":path", "/"),
                    Field(":authority", "www.example.com"), Field("cache-control", "no-cache"),
                ],
                [
                    Field(":method", "GET"), Field(":scheme", "https"), Field(":path", "/index.html"),
                    Field(":authority", "www.example.com"), Field("custom-key", "custom-value"),
                ],
            ],
            reason: "C.4: requests in Huffman code, one after the other"
        ),
        Row(blocks: [""], fields: [[]], reason: "an empty block has no fields"),
        Row(
            blocks: ["3fe1ff0f 82"],
            fields: [[Field(":method", "GET")]],
            reason: "a table of 262,144 bytes is within the limit"
        ),
    ]

    @Test(arguments: wholeRows) func readsWhatWasSaid(_ row: Row) throws {
        let decoder = HPACKDecoder()
        for (block, fields) in zip(row.blocks, row.fields) {
            #expect(try decoder.fields(of: [UInt8](hexadecimal: block)) == fields)
        }
    }

    @Test(arguments: [
        ("be", "an index into a table that is empty"),
        ("80", "index 0 stands for nothing"),
        ("ffffffffffffffffffff01", "an integer past every bound"),
        ("400a 6375", "a string that is cut"),
        ("4081 ff 00", "a Huffman code that ends in the middle"),
        ("3fe2ff0f", "a table of one byte more than the limit"),
        ("82 20", "a change of the table's size behind a field"),
    ]) func refusesDamage(_ block: String, _ reason: String) {
        let decoder = HPACKDecoder()
        #expect(throws: HPACKError.damaged, "\(reason)") {
            try decoder.fields(of: [UInt8](hexadecimal: block))
        }
        #expect(throws: HPACKError.damaged, "nothing can be believed after it") {
            try decoder.fields(of: [0x82])
        }
    }

    static let joinedRows = [
        Row(blocks: ["be"], fields: [[Field("", "")]], reason: "an entry from before is not known"),
        Row(
            blocks: ["82 be 84"],
            fields: [[Field(":method", "GET"), Field("", ""), Field(":path", "/")]],
            reason: "what stands around an unknown field is known"
        ),
        Row(
            blocks: ["7e 01 61", "be"],
            fields: [[Field("", "a")], [Field("", "a")]],
            reason: "a value behind an unknown name, added to the table"
        ),
        Row(
            blocks: ["40 01 61 01 62", "be bf"],
            fields: [[Field("a", "b")], [Field("a", "b"), Field("", "")]],
            reason: "an entry seen since is right, and the one before it is not known"
        ),
        Row(
            blocks: ["20 3f e1 1f 40 01 61 01 62", "be"],
            fields: [[Field("a", "b")], [Field("a", "b")]],
            reason: "a table that was emptied holds only what was seen"
        ),
        Row(
            blocks: ["ff 80 0f"],
            fields: [[Field("", "")]],
            reason: "an index far into a large table"
        ),
    ]

    @Test(arguments: joinedRows) func marksWhatItCannotKnow(_ row: Row) throws {
        let decoder = HPACKDecoder(isJoined: true)
        for (block, fields) in zip(row.blocks, row.fields) {
            #expect(try decoder.fields(of: [UInt8](hexadecimal: block)) == fields)
        }
    }

    @Test func refusesAnIndexPastEveryTable() {
        let decoder = HPACKDecoder(limits: HPACKLimits(tableBytes: 4_096, unseenEntries: 2), isJoined: true)
        #expect(throws: HPACKError.damaged) { try decoder.fields(of: [0xC0]) }
    }
}

/// The stories of the corpus: what encoders of nine projects made of the same requests.
@Suite(.enabled(if: HPACKStory.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct HPACKStoryTests {
    @Test func storiesAreThere() {
        #expect(HPACKStory.names.count >= 11)
    }

    @Test(arguments: HPACKStory.names) func readsAStory(_ name: String) throws {
        let story = try HPACKStory(name)
        #expect(!story.blocks.isEmpty)
        let decoder = HPACKDecoder()
        for (number, block) in story.blocks.enumerated() {
            #expect(try decoder.fields(of: block.wire) == block.fields, "block \(number)")
        }
    }

    /// A story joined before each of its blocks: as many fields in the same order, and each that is known is right.
    @Test(arguments: HPACKStory.names) func readsAStoryFromTheMiddle(_ name: String) throws {
        let story = try HPACKStory(name)
        var known = 0
        for first in story.blocks.indices {
            let decoder = HPACKDecoder(isJoined: true)
            for (number, block) in story.blocks.enumerated().dropFirst(first) {
                let fields = try decoder.fields(of: block.wire)
                #expect(fields.count == block.fields.count)
                for (field, expected) in zip(fields, block.fields) {
                    if field.isKnown {
                        known += 1
                        #expect(field == expected, "block \(number), joined at \(first)")
                    } else if !field.value.isEmpty {
                        #expect(field.value == expected.value, "block \(number), joined at \(first)")
                    }
                }
            }
        }
        #expect(known > 0)
    }

    /// Joined before the first block, everything is known: there was nothing before it.
    @Test(arguments: HPACKStory.names) func knowsEverythingFromTheStart(_ name: String) throws {
        let story = try HPACKStory(name)
        let decoder = HPACKDecoder(isJoined: true)
        for block in story.blocks { #expect(try decoder.fields(of: block.wire) == block.fields) }
    }
}
