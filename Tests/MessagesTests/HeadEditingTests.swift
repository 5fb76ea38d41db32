import Bytes
import Messages
import Testing

/// Edits of a head change what they name and nothing else.
struct HeadEditingTests {
    private static let original =
        "POST /a?b HTTP/1.1\r\nhOST:x \r\nA: one\r\nB:\t two\r\n folded\r\nEmpty:\r\na: three\r\n\r\n"

    enum Edit: Sendable {
        case value(Int, String)
        case target(String)
        case remove(Int)
        case removeAll(StaticString)
        case insert(StaticString, String, at: Int)
        case append(StaticString, String)
        case set(StaticString, String)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var edits: [Edit]
        var bytes: String

        var testDescription: String { name }
    }

    @Test(arguments: [
        Row(
            name: "a longer value",
            edits: [.value(0, "example.org")],
            bytes: original.replacing("hOST:x ", with: "hOST:example.org ")
        ),
        Row(
            name: "a shorter value, and an empty one",
            edits: [.value(1, "1"), .value(4, "")],
            bytes: original.replacing("A: one", with: "A: 1").replacing("a: three", with: "a: ")
        ),
        Row(
            name: "a value where there was none",
            edits: [.value(3, "full")],
            bytes: original.replacing("Empty:", with: "Empty:full")
        ),
        Row(
            name: "a folded value becomes one line",
            edits: [.value(2, "2\r\n 3\0")],
            bytes: original.replacing("B:\t two\r\n folded", with: "B:\t 2   3 ")
        ),
        Row(
            name: "a target, with what would end it escaped",
            edits: [.target("/new path?q=\u{7F}"), .value(4, "3")],
            bytes: original.replacing("/a?b", with: "/new%20path?q=%7F").replacing("three", with: "3")
        ),
        Row(
            name: "a field taken out with its folding",
            edits: [.remove(2), .value(3, "3")],
            bytes: original.replacing("B:\t two\r\n folded\r\n", with: "").replacing("three", with: "3")
        ),
        Row(
            name: "all fields of a name",
            edits: [.removeAll("a")],
            bytes: original.replacing("A: one\r\n", with: "").replacing("a: three\r\n", with: "")
        ),
        Row(
            name: "a field before another, and one at the end",
            edits: [.insert("New", "v", at: 1), .append("Last", "w\nx"), .value(0, "y")],
            bytes: original.replacing("hOST:x ", with: "hOST:y ").replacing(
                "A: one",
                with: "New: v\r\nA: one"
            )
            .replacing("three\r\n", with: "three\r\nLast: w x\r\n")
        ),
        Row(
            name: "the first field of a name set, the others taken out",
            edits: [.set("a", "only")],
            bytes: original.replacing("A: one", with: "A: only").replacing("a: three\r\n", with: "")
        ),
        Row(
            name: "a field set that was not there",
            edits: [.set("C", "d")],
            bytes: original.replacing("three\r\n", with: "three\r\nC: d\r\n")
        ),
    ])
    func edits(_ row: Row) throws {
        var head = try Head(parsing: Array(Self.original.utf8), kind: .request)
        for edit in row.edits {
            switch edit {
            case .value(let index, let value): head.replaceValue(ofField: index, with: Array(value.utf8).span)
            case .target(let target): head.replaceTarget(with: Array(target.utf8).span)
            case .remove(let index): head.removeField(at: index)
            case .removeAll(let name): head.removeFields(name)
            case .insert(let name, let value, let index):
                head.insertField(name, value: Array(value.utf8).span, at: index)
            case .append(let name, let value): head.appendField(name, value: Array(value.utf8).span)
            case .set(let name, let value): head.setField(name, value: Array(value.utf8).span)
            }
        }
        #expect(String(decoding: head.bytes, as: UTF8.self) == row.bytes)
        // Every place follows: reading the new bytes gives the same parts.
        let again = try Head(parsing: head.bytes, kind: .request)
        #expect(head.start == again.start)
        #expect(head.fields.map(\.name) == again.fields.map(\.name))
        let values = head.fields.map { Array(head.bytes[$0.value]) }
        #expect(values.map(Self.trimmed) == again.fields.map { Self.trimmed(Array(again.bytes[$0.value])) })
    }

    /// Blanks at the ends of a new value are outer white space when it is read again.
    private static func trimmed(_ value: [UInt8]) -> [UInt8] {
        var value = value[...]
        while value.first == 0x20 { value.removeFirst() }
        while value.last == 0x20 { value.removeLast() }
        return Array(value)
    }

    @Test func appendsToAHeadWithoutFields() throws {
        var head = try Head(parsing: Array("GET / HTTP/1.1\r\n\r\n".utf8), kind: .request)
        head.appendField("A", value: Array("b".utf8).span)
        #expect(String(decoding: head.bytes, as: UTF8.self) == "GET / HTTP/1.1\r\nA: b\r\n\r\n")
    }
}
