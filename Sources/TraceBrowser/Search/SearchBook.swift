import Foundation
import Synchronization
import TraceFiles

/// The searches that are under way or done, the latest asked for last.
package final class SearchBook: Sendable {
    private let path: String
    private let limits: BrowserLimits
    private let searches = Mutex<[TraceSearch]>([])

    package init(path: String, limits: BrowserLimits = BrowserLimits()) {
        self.path = path
        self.limits = limits
    }

    /// The search for these terms, begun on a thread of its own where there is none yet; the oldest ends for it.
    package func search(for terms: SearchTerms) throws -> TraceSearch {
        if let known = searches.withLock({ Self.take(terms, from: &$0) }) { return known }
        let search = TraceSearch(terms, limits: limits)
        let path = path
        let reader = ReaderHandover(try TraceReader(path: path))
        let superseded = searches.withLock { searches in
            searches.append(search)
            return searches.count > limits.searches ? searches.removeFirst() : nil
        }
        superseded?.stop()
        Thread.detachNewThread { search.run(reader.reader) }
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

/// A reader on its way to the thread that alone will use it.
struct ReaderHandover: @unchecked Sendable {
    let reader: TraceReader

    init(_ reader: TraceReader) { self.reader = reader }
}
