import Foundation
import Packets
import Synchronization
package import TraceFiles
import Traces

/// All that one running browser knows: the trace, its outline, searches, and where a request may be sent to.
package final class BrowserSession: Sendable {
    package struct Options: Sendable {
        package var limits = BrowserLimits()
        package var comparison = AnswerComparison()
        /// Tells pseudonyms where the trace is anonymized.
        package var pseudonyms: PseudonymFinder?
        /// `nil` where nothing may be sent.
        package var sender: RequestSender?
        /// Says what is wrong with a trace that was read.
        package var describeDamage: @Sendable (TraceReader) -> [String] = { _ in [] }

        package init() {}
    }

    let path: String
    let header: TraceHeader
    let index: TraceIndex?
    package let options: Options
    package let pass: OutlinePass
    let shelf: BlockShelf
    package let searches: SearchBook
    let observedShelf: BlockShelf?
    let observedPath: String?
    private let observedAnswers = Mutex<Observation>(.none)
    /// Requests are sent one at a time.
    private let isSending = Atomic(false)
    private let reader: ReaderHandover
    private let observedReader: ReaderHandover?

    /// What is known of the observed trace.
    enum Observation: Sendable {
        case none
        case reading
        case read(ObservedAnswers)
        case failed(String)
    }

    /// Opens a trace, and one of what a replay of it observed; pipes cannot be looked through.
    package init(path: String, observed: String? = nil, options: Options = Options()) throws {
        let reader = try TraceReader(path: path)
        guard let size = reader.fileSize else { throw BrowserError.pipe(path) }
        self.path = path
        self.options = options
        self.reader = ReaderHandover(reader)
        header = reader.header
        index = reader.index
        pass = OutlinePass(fileSize: size, limits: options.limits)
        shelf = try BlockShelf(path: path, keptBytes: options.limits.keptBlocks)
        searches = SearchBook(path: path, limits: options.limits)
        observedPath = observed
        if let observed {
            let reader = try TraceReader(path: observed)
            guard reader.fileSize != nil else { throw BrowserError.pipe(observed) }
            observedReader = ReaderHandover(reader)
            observedShelf = try BlockShelf(path: observed, keptBytes: options.limits.keptBlocks)
            observedAnswers.withLock { $0 = .reading }
        } else {
            observedReader = nil
            observedShelf = nil
        }
    }

    /// Begins the pass over the trace, and then that over what was observed, on a thread of its own.
    package func start() {
        Thread.detachNewThread { self.readAll() }
    }

    /// The same on the calling thread.
    package func readAll() {
        pass.run(reader.reader, describe: options.describeDamage)
        guard let observedReader else { return }
        do {
            let answers = try ObservedAnswers(
                observedReader.reader,
                to: header.traceID,
                limits: options.limits
            )
            observedAnswers.withLock { $0 = .read(answers) }
        } catch {
            observedAnswers.withLock { $0 = .failed("\(error)") }
        }
    }

    /// Ends what is under way on other threads, after the block at hand.
    package func stop() {
        pass.stop()
        searches.stop()
    }

    var observation: Observation { observedAnswers.withLock { $0 } }

    var observed: ObservedAnswers? {
        if case .read(let answers) = observation { answers } else { nil }
    }

    /// Nanoseconds since 1970 from which the page counts: what the index says, else the first start that was seen.
    var origin: Int64 {
        if let span = index?.totals.span { return span.first.nanoseconds }
        return pass.look { $0.span?.lowerBound ?? 0 }
    }

    /// Sends one request at a time; `nil` where another is under way.
    package func sendAlone<Result>(_ body: () throws -> Result) rethrows -> Result? {
        guard !isSending.exchange(true, ordering: .acquiring) else { return nil }
        defer { isSending.store(false, ordering: .releasing) }
        return try body()
    }
}

/// Why a browser cannot be started.
package enum BrowserError: Error, Equatable, CustomStringConvertible {
    case pipe(String)
    case notLoopback(String)
    case listen(String, reason: String)

    package var description: String {
        switch self {
        case .pipe(let path):
            "\(path) can be read only once, and the browser goes back and forth; save it to a file first"
        case .notLoopback(let host):
            "--listen \(host) can be reached from other machines; the browser listens on this one alone: give 127.0.0.1 or [::1]"
        case .listen(let address, let reason): "cannot listen on \(address): \(reason)"
        }
    }
}
