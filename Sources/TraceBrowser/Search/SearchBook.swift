import Foundation
import Synchronization
import TraceFiles

/// The searches that are under way or done, the latest asked for last.
package final class SearchBook: Sendable {
    private let paths: [String]
    private let limits: BrowserLimits
    private let searches = Mutex<[TraceSearch]>([])

    package init(paths: [String], limits: BrowserLimits = BrowserLimits()) {
        self.paths = paths
        self.limits = limits
    }

    /// The search for these terms, begun on a thread of its own where there is none yet; the oldest ends for it.
    package func search(for terms: SearchTerms) throws -> TraceSearch {
        if let known = searches.withLock({ Self.take(terms, from: &$0) }) { return known }
        let search = TraceSearch(terms, limits: limits)
        let readers = ReaderHandover(try paths.map { try TraceReader(path: $0) })
        let superseded = searches.withLock { searches in
            searches.append(search)
            return searches.count > limits.searches ? searches.removeFirst() : nil
        }
        superseded?.stop()
        Thread.detachNewThread { search.run(readers.readers) }
        return search
    }

    /// Ends all searches.
    package func stop() {
        for search in searches.withLock({ $0 }) { search.stop() }
    }

    private static func take(_ terms: SearchTerms, from searches: inout [TraceSearch]) -> TraceSearch? {
        guard let index = searches.firstIndex(where: { $0.terms == terms }) else { return nil }
        let search = searches.remove(at: index)
        searches.append(search)
        return search
    }
}

/// Readers on their way to the thread that alone will use them.
struct ReaderHandover: @unchecked Sendable {
    let readers: [TraceReader]

    init(_ readers: [TraceReader]) { self.readers = readers }
}
