import Bytes
import JSON

/// Reads a form as JSON, so that its fields are compared like members (WHATWG URL, section 5.1).
enum FormBody {
    /// An object of texts, names that repeat included; `nil` for more fields than `maximumCount`. O(n).
    static func value(of form: Span<UInt8>, maximumCount: Int) -> JSONValue? {
        var members: [JSONValue.Member] = []
        var start = 0
        while start < form.count {
            let end = form.firstIndex(of: 0x26, from: start) ?? form.count
            if end > start {
                guard members.count < maximumCount else { return nil }
                let field = form.extracting(start..<end)
                let equals = field.firstIndex(of: 0x3D) ?? field.count
                members.append(
                    JSONValue.Member(
                        name: text(field.extracting(0..<equals)),
                        value: .string(text(field.extracting(min(equals + 1, field.count)..<field.count)))
                    )
                )
            }
            start = end + 1
        }
        return .object(members)
    }

    private static func text(_ spelling: Span<UInt8>) -> String {
        String(decoding: PercentEncoding.decode(spelling, plusIsBlank: true), as: UTF8.self)
    }
}
