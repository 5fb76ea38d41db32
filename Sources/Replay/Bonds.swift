import Correlation

/// The ``RequestTies`` of a request, where there are any: a request is handed from queue to queue, and most have none.
struct Bonds: Sendable {
    private final class Storage: Sendable {
        let ties: RequestTies

        init(_ ties: RequestTies) {
            self.ties = ties
        }
    }

    static let none = Bonds()

    private var storage: Storage?

    private init() {}

    init(_ ties: RequestTies) {
        storage = ties.matters ? Storage(ties) : nil
    }

    var ties: RequestTies { storage?.ties ?? RequestTies() }
    var isEmpty: Bool { storage == nil }
    var takesValues: Bool { storage?.ties.bindings.isEmpty == false }
    var isAwaited: Bool { storage?.ties.isAwaited ?? false }
}

extension RequestTies {
    /// Whether sending the request or its answer differs in anything from a request without ties.
    fileprivate var matters: Bool {
        isAwaited || !bindings.isEmpty || !sources.isEmpty || !after.isEmpty
    }
}
