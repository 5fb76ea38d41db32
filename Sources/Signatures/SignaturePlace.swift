import Bytes
import JSON
package import Messages

/// Where in a request a signature, a time or an identifier stands.
package enum SignaturePlace: Hashable, Sendable {
    /// A header field; its name as senders spell it.
    case header(String)
    /// A parameter of the query.
    case query(String)
    /// A field of an urlencoded body.
    case form(String)
    case json(JSONPointer)

    /// Reads `header:NAME`, `query:NAME`, `form:NAME` or `json:/POINTER`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        let name = String(parts[1])
        switch parts[0] {
        case "header":
            guard name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }) else { return nil }
            self = .header(name)
        case "query": self = .query(name)
        case "form": self = .form(name)
        case "json":
            guard let pointer = JSONPointer(name) else { return nil }
            self = .json(pointer)
        default: return nil
        }
    }

    /// The name of the header field, where it is one.
    package var headerName: String? {
        if case .header(let name) = self { return name }
        return nil
    }

    /// Whether it is a part of the body.
    var isInBody: Bool {
        switch self {
        case .header, .query: false
        case .form, .json: true
        }
    }

    /// What stands there, decoded; `nil` where nothing does.
    package func value(in head: Head, body: Span<UInt8>) -> [UInt8]? {
        switch self {
        case .header(let name):
            head.fieldIndex(of: Array(name.utf8).span).map { Array(head.bytes[head.fields[$0].value]) }
        case .query(let name):
            head.queryRange.flatMap {
                ParameterList(head.bytes.span.extracting($0.bounds)).first(Array(name.utf8))?.value
            }
        case .form(let name): ParameterList(body).first(Array(name.utf8))?.value
        case .json(let pointer): pointer.text(in: body)
        }
    }
}

/// A request that is being signed: the parts that change, and which header fields did.
struct SignedRequest {
    private(set) var head: Head
    private(set) var body: [UInt8]
    private(set) var isBodyChanged = false
    private(set) var isTargetChanged = false
    /// Fields that got another value or are new, in order, by the names that senders give them.
    private(set) var fields: [(name: String, value: [UInt8])] = []
    /// Identifiers that were made new.
    var renewed: [SignaturePlace] = []

    init(_ head: Head, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// Puts a value to its place; a header field is added where `addsField` says so, everything else only replaced.
    mutating func put(_ value: [UInt8], at place: SignaturePlace, addsField: Bool = true) {
        switch place {
        case .header(let name): putField(value, name, adds: addsField)
        case .query(let name): putParameter(value, name)
        case .form(let name):
            guard let parameter = ParameterList(body.span).first(Array(name.utf8)) else { return }
            body.replaceSubrange(parameter.valueRange, with: parameter.spelling(of: value))
            isBodyChanged = true
        case .json(let pointer):
            guard let target = pointer.find(in: body.span) else { return }
            var spelling: [UInt8] = []
            if target.isString {
                JSONString.escape(value.span, into: &spelling)
            } else if value.isWholeNumber {
                spelling = value
            } else {
                spelling = [0x22]
                JSONString.escape(value.span, into: &spelling)
                spelling.append(0x22)
            }
            body.replaceSubrange(target.range, with: spelling)
            isBodyChanged = true
        }
    }

    private mutating func putField(_ value: [UInt8], _ name: String, adds: Bool) {
        var isThere = false
        let range = ByteRange(offset: head.bytes.count, count: value.count)
        for index in head.fields.indices
        where head.bytes.span.extracting(head.fields[index].name.bounds).equalsIgnoringCase(name) {
            head.fields[index].value = range
            isThere = true
        }
        guard isThere || adds else { return }
        head.bytes.append(contentsOf: value)
        if !isThere {
            let start = head.bytes.count
            head.bytes.append(contentsOf: name.utf8)
            let field = ByteRange(start..<head.bytes.count)
            head.fields.append(HeaderField(name: field, value: range))
        }
        fields.removeAll { $0.name == name }
        fields.append((name, value))
    }

    private mutating func putParameter(_ value: [UInt8], _ name: String) {
        guard let query = head.queryRange, case .request(let method, let target) = head.start,
            let parameter = ParameterList(head.bytes.span.extracting(query.bounds)).first(Array(name.utf8))
        else { return }
        var text = Array(head.bytes[target])
        let shift = query.offset - target.offset
        let place = parameter.valueRange
        text.replaceSubrange(
            place.lowerBound + shift..<place.upperBound + shift,
            with: parameter.spelling(of: value)
        )
        let range = ByteRange(offset: head.bytes.count, count: text.count)
        head.bytes.append(contentsOf: text)
        head.start = .request(method: method, target: range)
        isTargetChanged = true
    }
}

extension Array where Element == UInt8 {
    /// Whether the text is a JSON number without sign, fraction and exponent.
    fileprivate var isWholeNumber: Bool {
        !isEmpty && allSatisfy(\.isASCIIDigit) && (count == 1 || self[0] != 0x30)
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are `name`, letter case aside.
    func equalsIgnoringCase(_ name: String) -> Bool {
        var index = 0
        for byte in name.utf8 {
            guard index < count, self[index].asciiLowercased == byte.asciiLowercased else { return false }
            index += 1
        }
        return index == count
    }
}

extension SignaturePlace: CustomStringConvertible {
    /// As it is written in a file of signatures or a plan.
    package var description: String {
        switch self {
        case .header(let name): "header:\(name)"
        case .query(let name): "query:\(name)"
        case .form(let name): "form:\(name)"
        case .json(let pointer): "json:\(pointer)"
        }
    }
}
