import Bytes

/// Which part of what stands in a place is the value.
///
/// Written behind the place: `header:location path[2]`, `header:authorization credentials`.
package enum ValuePart: Hashable, Sendable {
    case whole
    /// A segment of the path in a URL or path, counted from 0.
    case path(Int)
    /// A parameter of the query in a URL or path.
    case query(String)
    /// What follows the scheme in `Authorization`.
    case credentials
    /// The host in a URL, its port with it.
    case host
    /// A run of letters, digits, `_`, `-`, `.` and `~`, counted from 0.
    case token(Int)
    /// The same in what the value stands for in base64.
    case base64(Int)

    /// Reads one word; answers `nil` for what is no part.
    init?(_ word: Substring) {
        if word == "credentials" {
            self = .credentials
        } else if word == "host" {
            self = .host
        } else if word.hasPrefix("query:"), word.utf8.count > 6 {
            self = .query(PlaceName.decoded(word.dropFirst(6)))
        } else if let index = Self.index(word, "path") {
            self = .path(index)
        } else if let index = Self.index(word, "token") {
            self = .token(index)
        } else if let index = Self.index(word, "base64") {
            self = .base64(index)
        } else {
            return nil
        }
    }

    /// Places of a path or runs of a value are counted up to this.
    static let maximumIndex = 255

    /// The number in `name[number]`.
    static func index(_ word: Substring, _ name: String) -> Int? {
        guard word.hasPrefix(name + "["), word.last == "]",
            let index = Int(word.dropFirst(name.count + 1).dropLast()), (0...maximumIndex).contains(index)
        else { return nil }
        return index
    }

    var description: String {
        switch self {
        case .whole: ""
        case .path(let index): "path[\(index)]"
        case .query(let name): "query:\(PlaceName.encoded(name))"
        case .credentials: "credentials"
        case .host: "host"
        case .token(let index): "token[\(index)]"
        case .base64(let index): "base64[\(index)]"
        }
    }

    /// How directly the value stands there; where one value stands in several parts, the lowest is taken.
    var rank: Int {
        switch self {
        case .whole: 0
        case .credentials: 1
        case .path, .query, .host: 2
        case .base64: 3
        case .token: 4
        }
    }

    /// Different for different parts.
    var key: UInt64 {
        switch self {
        case .whole: 1
        case .credentials: 2
        case .host: 4
        case .path(let index): 0x100 + UInt64(index)
        case .token(let index): 0x200 + UInt64(index)
        case .base64(let index): 0x300 + UInt64(index)
        case .query(let name): name.utf8.span.number(seed: 3) | 1 << 63
        }
    }
}

/// Names of parameters, cookies and fields as they stand in the spelling of a place: no blanks, no line breaks.
enum PlaceName {
    static func encoded(_ name: String) -> String {
        var text = ""
        for scalar in name.unicodeScalars {
            if scalar.value <= 0x20 || scalar == "%" || scalar.value == 0x7F {
                text += (scalar.value < 16 ? "%0" : "%") + String(scalar.value, radix: 16, uppercase: true)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    static func decoded(_ text: Substring) -> String {
        String(decoding: PercentEncoding.decode(Array(text.utf8).span, plusIsBlank: false), as: UTF8.self)
    }
}
