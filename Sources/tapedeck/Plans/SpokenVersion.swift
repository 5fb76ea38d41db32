import JSON
import Reports
import Synchronization

/// The version that the target tells in its answers to the load, where that asks how it is: nothing is asked for it.
final class SpokenVersion: Sendable {
    private let found = Mutex<String?>(nil)
    private let isFound = Atomic<Bool>(false)

    /// Bytes of an answer that is looked into, and characters that are kept.
    private static let limit = 64 << 10
    private static let length = 100
    private static let routes: Set = [
        "GET /health", "GET /healthz", "GET /version", "GET /api/health", "GET /api/version",
    ]

    /// The version; `nil` where none was told.
    var text: String? { found.withLock { $0 } }

    /// Takes the body of an answer; the first that has a `version` counts.
    func see(_ body: Span<UInt8>, of route: String) {
        guard !isFound.load(ordering: .relaxed), Self.routes.contains(route), body.count <= Self.limit,
            let value = try? JSONValue(parsing: body, maximumCount: 1_000)
        else { return }
        let version: String
        switch value["version"] {
        case .string(let text)?: version = text
        case .number(let number)?: version = number.spelling
        default: return
        }
        guard !version.isEmpty else { return }
        found.withLock { $0 = PlainText.line(version, maximumCount: Self.length) }
        isFound.store(true, ordering: .relaxed)
    }
}
