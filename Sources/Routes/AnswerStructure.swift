import Bytes
import JSON
import Messages

/// Which members the answers to some requests have, and where: what endpoints are told apart by.
///
/// Of JSON it is the names of members down to a depth, elements of lists taken together; of anything else the type of the
/// content. Members of an object that look like identifiers are one.
struct AnswerStructure: Hashable, Sendable {
    /// Members deeper than this are not looked at, nor are more than these.
    private static let deepest = 6
    private static let most = 200
    /// Fewer members tell nothing: `{"ok":true}` is what many endpoints say.
    private static let fewest = 3

    /// By hash of the place, seeded anew in each process.
    private var members: Set<Int> = []

    /// Whether it is more than many endpoints have in common.
    var isTelling: Bool { members.count >= Self.fewest }
    var count: Int { members.count }

    /// Reads as much as is valid of a body without its content coding; O(n).
    init(_ type: MediaType, _ body: Span<UInt8>) {
        guard type == .json else {
            members = ["\(type)".hashValue]
            return
        }
        var scanner = JSONScanner(body)
        // The places of the open lists and objects, and that of the value to come.
        var open: [Int] = []
        var place = 0
        while members.count < Self.most, let token = try? scanner.next() {
            switch token {
            case .beginObject: open.append(place)
            case .beginArray:
                place = Self.place(1, in: place)
                open.append(place)
            case .endObject, .endArray:
                open.removeLast()
                place = open.last ?? 0
            case .key(let range):
                place = Self.place(Self.hash(body.extracting(range.bounds)), in: open.last ?? 0)
                if open.count <= Self.deepest { members.insert(place) }
            case .string, .number, .bool, .null: break
            }
        }
    }

    private static func place(_ hash: Int, in outer: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(outer)
        hasher.combine(hash)
        return hasher.finalize()
    }

    private static func hash(_ name: Span<UInt8>) -> Int {
        if RouteTemplate.isIdentifier(name) { return 0 }
        var hasher = Hasher()
        name.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// What is in either.
    mutating func formUnion(_ other: AnswerStructure) { members.formUnion(other.members) }

    /// Whether one endpoint may have given both: what the smaller one has is nearly all in the other, and both have at least
    /// `common` percent of all there is.
    func isAlike(_ other: AnswerStructure, common least: Int) -> Bool {
        let common = members.intersection(other.members).count
        let smaller = min(members.count, other.members.count)
        return common * 5 >= smaller * 4
            && common * 100 >= (members.count + other.members.count - common) * least
    }
}
