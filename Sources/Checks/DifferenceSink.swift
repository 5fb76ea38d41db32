import JSON

/// Hears of every difference between two answers, and says what lists need for being compared.
protocol DifferenceSink {
    /// Whatever the bodies are, nothing in them counts: they need not be read.
    var ignoresBody: Bool { get }
    /// In how many ways elements of lists may be recognised, from the strictest on: see ``isVolatile(_:at:strictness:)``.
    var recognitions: Int { get }

    /// `expected` and `observed` are `nil` where there is none.
    mutating func differ(
        _ field: Difference.Field,
        _ kind: Difference.Kind,
        _ expected: ComparedValue?,
        _ observed: ComparedValue?
    )

    /// The member at `place` is there under another name, at `other`, with the same value.
    mutating func renamed(_ place: JSONPlace, to other: JSONPlace, _ value: JSONValue)

    /// A number for what ``passesAll(at:)`` answers: the same number, the same answers. `nil` where it lets nothing pass.
    var passing: Int? { get }
    /// Whether values that differ at `place`, or within, do not count, whatever they are.
    func passesAll(at place: JSONPlace) -> Bool
    /// So many values differ of which ``passesAll(at:)`` says that they do not count.
    mutating func pass(_ count: Int)

    /// Whether ``compared(_:with:)`` wants to hear of texts that differ.
    var wantsWhole: Bool { get }
    /// Both texts, after all their differences.
    mutating func compared(_ expected: JSONValue, with observed: JSONValue)

    /// Two lists at `place` are of different lengths.
    mutating func lists(at place: JSONPlace, have expected: Int, and observed: Int)

    /// Whether the lists that are compared are lines of a text, of which each is something of its own.
    var comparesLines: Bool { get set }

    /// Members of the object at `place` that only one of the two has.
    mutating func members(at place: JSONPlace, missing: [String], added: [String])
    /// Whether a member of the object at `place` has a name that is made anew each time.
    func isMadeAnew(_ name: String, at place: JSONPlace) -> Bool

    /// Whether a scalar says nothing about which elements of two lists belong together.
    func isVolatile(_ value: JSONValue, at place: JSONPlace, recognition: Int) -> Bool
    /// Whether the elements of the list at `place` may come in any order.
    func isUnordered(at place: JSONPlace) -> Bool
}

extension DifferenceSink {
    mutating func renamed(_ place: JSONPlace, to other: JSONPlace, _ value: JSONValue) {
        differ(.json(place), .missing, .json(value, name: place.lastName), nil)
        differ(.json(other), .added, nil, .json(value, name: other.lastName))
    }

    mutating func lists(at place: JSONPlace, have expected: Int, and observed: Int) {}

    var comparesLines: Bool {
        get { false }
        set {}
    }
    mutating func members(at place: JSONPlace, missing: [String], added: [String]) {}
    func isMadeAnew(_ name: String, at place: JSONPlace) -> Bool { false }

    var passing: Int? { nil }
    func passesAll(at place: JSONPlace) -> Bool { false }
    mutating func pass(_ count: Int) {}

    var wantsWhole: Bool { false }
    mutating func compared(_ expected: JSONValue, with observed: JSONValue) {}
}

/// A value that differs, before anything of it is shown.
enum ComparedValue {
    case status(UInt16)
    /// The name in lower case, and the value in the form for comparing.
    case header(String, String)
    /// In a member of the name given, however many lists lie between.
    case json(JSONValue, name: String?)
    /// A text that is a whole body, and what is shown of it.
    case text(String, shown: String)
    /// Words of the check itself.
    case words(String)

    var shown: ShownValue {
        switch self {
        case .status(let status): ShownValue(status)
        case .header(let name, let value): ShownValue(header: name, value: value)
        case .json(let value, let name): ShownValue(value, name: name)
        case .text(_, let text), .words(let text): ShownValue(text: text)
        }
    }

    /// As JSON, where it is a value and not a description of one.
    var value: JSONValue? {
        switch self {
        case .status(let status): .number(JSONNumber(spelling: status.description))
        case .header(_, let value): .string(value)
        case .json(let value, _): value
        case .text(let text, _): .string(text)
        case .words: nil
        }
    }
}

/// A difference before it is known whose it is.
struct Finding {
    var field: Difference.Field
    var kind: Difference.Kind
    var expected: ShownValue?
    var observed: ShownValue?
    /// The two values, where they are scalars.
    var change: ChangedValue?
    /// Where it is the status that differs.
    var statuses: (expected: UInt16, observed: UInt16)?
}
