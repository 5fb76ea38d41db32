import JSON
import Messages
import Traces

/// Tells URLs of the server itself, which has another name on each side, from those of others.
struct OwnReferences {
    /// What was asked for on each side; heads are read only where a URL differs.
    var expected: HeadRecord?
    var observed: HeadRecord?
    /// Where the observed requests went whose heads are not there.
    var target: String?

    /// Both as references without their authority, where each is a URL of its own server; else `nil`.
    func paths(_ left: String, _ right: String) -> (expected: String, observed: String)? {
        guard Self.isURL(left), Self.isURL(right) else { return nil }
        let paths = (
            ComparedHeader.withoutAuthority(left, Self.authority(expected)),
            ComparedHeader.withoutAuthority(right, Self.authority(observed) ?? target)
        )
        return paths.0.utf8.count < left.utf8.count && paths.1.utf8.count < right.utf8.count ? paths : nil
    }

    /// The same for two values in JSON; `nil` also where they are no texts.
    func paths(
        _ left: ComparedValue?,
        _ right: ComparedValue?
    ) -> (expected: ComparedValue, observed: ComparedValue)? {
        guard case .json(.string(let expected), name: let name)? = left,
            case .json(.string(let observed), name: _)? = right,
            let paths = paths(expected, observed)
        else { return nil }
        return (
            .json(.string(paths.expected), name: name), .json(.string(paths.observed), name: name)
        )
    }

    private static func isURL(_ text: String) -> Bool {
        text.utf8.starts(with: "http://".utf8) || text.utf8.starts(with: "https://".utf8)
    }

    private static func authority(_ request: HeadRecord?) -> String? {
        guard let request, let head = try? request.parsed() else { return nil }
        return head.authority
    }
}
