import Messages
import Synchronization
package import TraceFiles
import Traces

/// A search through the messages of a trace, whose findings so far can be looked at while it goes on.
package final class TraceSearch: Sendable {
    package let terms: SearchTerms
    private let limits: BrowserLimits

    private struct State: Sendable {
        var byFilter = ExchangeSet()
        var byText = ExchangeSet()
        var share = 0.0
        var isFinished = false
        var failure: String?
    }

    private let state = Mutex(State())
    private let isStopped = Atomic(false)

    package init(_ terms: SearchTerms, limits: BrowserLimits = BrowserLimits()) {
        self.terms = terms
        self.limits = limits
    }

    /// What has been found, and how far the search has come.
    package struct Findings: Sendable {
        fileprivate var byFilter: ExchangeSet?
        fileprivate var byText: ExchangeSet?
        package var share: Double
        package var isFinished: Bool
        package var failure: String?

        package func contains(_ exchange: UInt64) -> Bool {
            (byFilter?.contains(exchange) ?? true) && (byText?.contains(exchange) ?? true)
        }
    }

    package var findings: Findings {
        state.withLock { state in
            Findings(
                byFilter: terms.filter == nil ? nil : state.byFilter,
                byText: terms.text == nil ? nil : state.byText,
                share: state.share,
                isFinished: state.isFinished,
                failure: state.failure
            )
        }
    }

    /// Ends the search after the block at hand; what was found stays.
    package func stop() { isStopped.store(true, ordering: .relaxed) }

    /// Reads the files of a recording one after the other to their ends, on the calling thread.
    package func run(_ readers: [TraceReader]) {
        let size = Double(max(1, readers.reduce(0) { $0 + ($1.fileSize ?? 0) }))
        var before: UInt64 = 0
        var assembler = MessageAssembler(
            limits: MessageAssembler.Limits(openMessages: 16_384, bytes: limits.exchangeBytes)
        )
        do {
            for reader in readers {
                while !isStopped.load(ordering: .relaxed), try reader.nextBlock() {
                    let found = try look(through: reader, &assembler)
                    publish(found, share: min(1, Double(before + (reader.block?.offset ?? 0)) / size))
                }
                before += reader.fileSize ?? 0
            }
            var found = Found()
            for message in assembler.finish() { look(at: message, &found) }
            publish(found, share: 1)
            state.withLock { $0.isFinished = true }
        } catch {
            state.withLock { state in
                state.failure = "\(error)"
                state.isFinished = true
            }
        }
    }

    /// Exchanges that were found in one block.
    private struct Found {
        var byFilter: [UInt64] = []
        var byText: [UInt64] = []
    }

    private func publish(_ found: Found, share: Double) {
        state.withLock { state in
            state.share = share
            for exchange in found.byFilter { state.byFilter.insert(exchange) }
            for exchange in found.byText { state.byText.insert(exchange) }
        }
    }

    /// Takes the block at hand.
    private func look(through reader: TraceReader, _ assembler: inout MessageAssembler) throws -> Found {
        var found = Found()
        while let record = try reader.nextRecordInBlock() {
            if case .event(let event) = record, event.eventKind == .webSocket,
                let text = terms.text, text.isSpelled(in: event.bytes.span)
            {
                found.byText.append(event.exchange)
            }
            if let message = assembler.receive(record) { look(at: message, &found) }
        }
        return found
    }

    private func look(at message: RecordedMessage, _ found: inout Found) {
        let head = try? message.head.parsed()
        if let filter = terms.filter, message.kind == .request, let head, filter.matches(head) {
            found.byFilter.append(message.exchange)
        }
        if terms.text != nil, terms.hasText(message, head: head, decodedLimit: limits.decodedBody) {
            found.byText.append(message.exchange)
        }
    }
}
