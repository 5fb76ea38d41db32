import Foundation
import HeaderCompression
import JSON

/// A sequence of header blocks of one connection, and the fields that they mean.
struct HPACKStory {
    struct Block {
        var wire: [UInt8]
        var fields: [Field]
    }

    var blocks: [Block] = []

    static let folder = ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"].map {
        URL(filePath: $0).appending(path: "http/hpack")
    }

    /// The names of the stories of the corpus.
    static let names: [String] = {
        guard let folder else { return [] }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { $0.hasSuffix(".json") && $0 != "index.json" }.sorted()
    }()

    init(_ name: String) throws {
        guard let folder = Self.folder else { return }
        let json = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: name))).span)
        guard case .array(let cases)? = json["cases"] else { return }
        for story in cases {
            guard case .string(let wire)? = story["wire"], case .array(let headers)? = story["headers"] else {
                continue
            }
            var fields: [Field] = []
            for case .object(let members) in headers {
                for member in members {
                    guard case .string(let value) = member.value else { continue }
                    fields.append(Field(member.name, value))
                }
            }
            blocks.append(Block(wire: [UInt8](hexadecimal: wire), fields: fields))
        }
    }
}

/// A field by name and value; without a name it is not known.
struct Field: Equatable, CustomStringConvertible {
    var name: String
    var value: String

    init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    var isKnown: Bool { !name.isEmpty }
    var description: String { "\(name): \(value)" }
}

/// Collects the fields of a block.
struct FieldList: FieldSink {
    var fields: [Field] = []

    mutating func field(name: Span<UInt8>, value: Span<UInt8>) {
        fields.append(Field(Self.text(name), Self.text(value)))
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        var text = ""
        for index in bytes.indices { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
        return text
    }
}

extension HPACKDecoder {
    func fields(of block: [UInt8]) throws -> [Field] {
        var list = FieldList()
        try decode(block.span, into: &list)
        return list.fields
    }
}

extension [UInt8] {
    /// The bytes that pairs of hexadecimal digits stand for; blanks between them do not count.
    init(hexadecimal text: String) {
        let digits = text.compactMap(\.hexDigitValue)
        self = stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
