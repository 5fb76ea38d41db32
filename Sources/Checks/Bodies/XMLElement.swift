import JSON

/// An element of an XML document, as far as documents are compared.
struct XMLElement: Sendable {
    var name = ""
    /// In the order of the text; names with their prefixes.
    var attributes: [JSONValue.Member] = []
    var children: [XMLElement] = []
    /// All text of the element itself, without the white space around it.
    var text = ""
}

extension XMLElement {
    /// The places of elements that stand several times beside each other, as names with slashes between.
    func repeated(under path: String = "", into places: inout Set<String>) {
        var counts: [String: Int] = [:]
        for child in children {
            counts[child.name, default: 0] += 1
            if counts[child.name] == 2 { places.insert(path + "/" + child.name) }
            child.repeated(under: path + "/" + child.name, into: &places)
        }
    }

    /// The element as JSON: attributes as members with an `@`, elements by name, those at `lists` as lists, text as
    /// `#text` where there is more than that.
    func value(under path: String = "", lists: Set<String>) -> JSONValue {
        if attributes.isEmpty, children.isEmpty { return .string(text) }
        var members = attributes
        var places: [String: Int] = [:]
        for child in children {
            let childPath = path + "/" + child.name
            let value = child.value(under: childPath, lists: lists)
            guard lists.contains(childPath) else {
                members.append(JSONValue.Member(name: child.name, value: value))
                continue
            }
            if let place = places[child.name], case .array(let elements) = members[place].value {
                members[place].value = .array(elements + [value])
            } else {
                places[child.name] = members.count
                members.append(JSONValue.Member(name: child.name, value: .array([value])))
            }
        }
        if !text.isEmpty { members.append(JSONValue.Member(name: "#text", value: .string(text))) }
        return .object(members)
    }
}

/// Two XML documents as JSON, so that they are compared by structure.
enum XMLBody {
    /// The root elements as members of one name each; `nil` where one of them is not read.
    static func values(
        of expected: Span<UInt8>,
        and observed: Span<UInt8>,
        maximumCount: Int
    ) -> (JSONValue, JSONValue)? {
        guard let left = XMLReader.element(in: expected, maximumCount: maximumCount),
            let right = XMLReader.element(in: observed, maximumCount: maximumCount)
        else { return nil }
        // What is a list in one of them is one in both, so that a list of one element is no other thing than one of two.
        var lists: Set<String> = []
        left.repeated(under: "/" + left.name, into: &lists)
        right.repeated(under: "/" + right.name, into: &lists)
        return (wrapped(left, lists), wrapped(right, lists))
    }

    private static func wrapped(_ root: XMLElement, _ lists: Set<String>) -> JSONValue {
        .object([.init(name: root.name, value: root.value(under: "/" + root.name, lists: lists))])
    }
}
