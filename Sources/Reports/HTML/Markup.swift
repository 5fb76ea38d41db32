/// HTML that stays well-formed whatever is put into it, spelled so that an XML parser takes it too.
///
/// Literals stand as they are. Text that is interpolated is escaped, so that nothing of a stranger's becomes markup,
/// neither between tags nor in quoted attributes.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral literal: String) {
        text = literal
    }

    init(stringInterpolation interpolation: Interpolation) {
        text = interpolation.text
    }

    static let nothing: Markup = ""

    var isEmpty: Bool { text.isEmpty }

    static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }

    static func += (left: inout Markup, right: Markup) { left.text += right.text }

    /// A stranger's text in the shape of code: one line of at most `limit` characters.
    static func code(_ text: String, limit: Int = 160) -> Markup {
        "<code>\(PlainText.line(text, maximumCount: limit))</code>"
    }

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 8)
        }

        mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        mutating func appendInterpolation(_ string: String) {
            text += XMLText.escape(string)
        }

        mutating func appendInterpolation(_ number: some BinaryInteger) {
            text += number.description
        }

        /// A coordinate: one digit behind the point, and none where it is 0.
        mutating func appendInterpolation(_ coordinate: Double) {
            let digits = Quantity.fixed(coordinate, decimals: 1)
            text += digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits
        }

        mutating func appendInterpolation(_ markup: Markup) {
            text += markup.text
        }

        mutating func appendInterpolation(_ markups: [Markup]) {
            for markup in markups { text += markup.text }
        }
    }

    typealias StringInterpolation = Interpolation
}
