import Bytes

/// The routes of the targets that were met last: one that comes again, as those of webhooks do, is not taken apart anew.
///
/// Each target has one place to stand in, and whoever comes to it takes it over. What is remembered is compared byte by
/// byte, so that it changes no answer.
struct RecentTargets: Sendable {
    private struct Entry: Sendable {
        /// The method, a blank and the target, as they were asked for.
        var request: [UInt8]
        var route: Int
    }

    /// Targets that may be remembered; a power of two.
    private static let count = 64
    /// Bytes of a target that is remembered; longer ones seldom come twice.
    private static let longest = 128

    private var entries: [Entry?] = []

    /// The route of a request, where it is remembered; O(n), and allocates nothing.
    func route(method: Span<UInt8>, target: Span<UInt8>) -> Int? {
        guard !entries.isEmpty, let entry = entries[Self.place(method, target)],
            entry.request.count == method.count + 1 + target.count
        else { return nil }
        let request = entry.request.span
        return request.extracting(first: method.count).equals(method)
            && request.extracting(last: target.count).equals(target) ? entry.route : nil
    }

    /// Remembers the route of a request.
    mutating func note(_ route: Int, method: Span<UInt8>, target: Span<UInt8>) {
        guard method.count + target.count <= Self.longest else { return }
        if entries.isEmpty { entries = Array(repeating: nil, count: Self.count) }
        let place = Self.place(method, target)
        var request = entries[place]?.request ?? []
        entries[place] = nil
        request.removeAll(keepingCapacity: true)
        request.append(contentsOf: method)
        request.append(0x20)
        request.append(contentsOf: target)
        entries[place] = Entry(request: request, route: route)
    }

    private static func place(_ method: Span<UInt8>, _ target: Span<UInt8>) -> Int {
        Int(truncatingIfNeeded: target.number(seed: UInt64(method.count)) & UInt64(count - 1))
    }
}
