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

    /// How the page names the recording.
    let path: String
    let header: TraceHeader
    /// Of the last part, whose ledger is that of all.
    let index: TraceIndex?
    private let firstStart: Int64?
    package let options: Options
    package let pass: OutlinePass
    let shelf: BlockShelf
    package let searches: SearchBook
    let observedShelf: BlockShelf?
    let observedPath: String?
    private let observedAnswers = Mutex<Observation>(.none)
    /// Requests are sent one at a time.
    private let isSending = Atomic(false)
    private let readers: ReaderHandover
    private let observedReader: ReaderHandover?

    /// What is known of the observed trace.
    enum Observation: Sendable {
        case none
        case reading
        case read(ObservedAnswers)
        case failed(String)
    }

    /// Opens a trace, or the parts of one recording in any order, and what a replay of it observed; pipes cannot be looked
    /// through.
    package init(paths: [String], observed: String? = nil, options: Options = Options()) throws {
        var readers: [TraceReader] = []
        for path in paths {
            let reader = try TraceReader(path: path)
            guard reader.fileSize != nil else { throw BrowserError.pipe(path) }
            if let first = readers.first {
                guard reader.header.traceID == first.header.traceID else {
                    throw BrowserError.otherRecording(path, than: first.path)
                }
            }
            if let same = readers.first(where: { $0.header.part == reader.header.part }) {
                throw BrowserError.samePart(path, as: same.path, number: reader.header.part)
            }
            readers.append(reader)
        }
        readers.sort { $0.header.part < $1.header.part }
        guard let first = readers.first, let last = readers.last else {
            preconditionFailure("a recording has a file")
        }
        let paths = readers.map(\.path)
        path = paths.count > 1 ? "\(first.path) and \(paths.count - 1) more of its parts" : first.path
        self.options = options
        self.readers = ReaderHandover(readers)
        header = first.header
        index = last.index
        firstStart = readers.compactMap { $0.index?.totals.span?.first.nanoseconds }.min()
        let size = readers.reduce(0) { $0 + ($1.fileSize ?? 0) }
        pass = OutlinePass(fileSize: size, limits: options.limits)
        shelf = try BlockShelf(paths: paths, keptBytes: options.limits.keptBlocks)
        searches = SearchBook(paths: paths, limits: options.limits)
        observedPath = observed
        if let observed {
            let reader = try TraceReader(path: observed)
            guard reader.fileSize != nil else { throw BrowserError.pipe(observed) }
            observedReader = ReaderHandover([reader])
            observedShelf = try BlockShelf(paths: [observed], keptBytes: options.limits.keptBlocks)
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
        pass.run(readers.readers, describe: options.describeDamage)
        guard let reader = observedReader?.readers.first else { return }
        do {
            let answers = try ObservedAnswers(
                reader,
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
        if let firstStart { return firstStart }
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
    case otherRecording(String, than: String)
    case samePart(String, as: String, number: UInt32)
    case notLoopback(String)
    case listen(String, reason: String)

    package var description: String {
        switch self {
        case .pipe(let path):
            "\(path) can be read only once, and the browser goes back and forth; save it to a file first"
        case .otherRecording(let path, let other):
            "\(path) is another recording than \(other): ui looks through one recording, in one part or several; start "
                + "it once for each"
        case .samePart(let path, let other, let number):
            "\(path) and \(other) are both part \(number) of the recording; give one of them"
        case .notLoopback(let host):
            "--listen \(host) can be reached from other machines; the browser listens on this one alone: give 127.0.0.1 or [::1]"
        case .listen(let address, let reason): "cannot listen on \(address): \(reason)"
        }
    }
}
