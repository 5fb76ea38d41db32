private import CPostgres
import Glibc

/// One connection of libpq that never blocks: the owner of its handle, confined to the thread of the loop.
///
/// A transaction goes out in one go, in pipeline mode: everything between two synchronization points is one transaction, and
/// an error undoes all of it.
final class Connection {
    enum Phase {
        /// Becomes `idle` or `broken`.
        case connecting
        /// Becomes `busy` or `broken`.
        case idle
        /// Becomes `idle` or `broken`.
        case busy
        /// The handle is of no more use.
        case broken
    }

    /// What a call of `advance` came to.
    enum Outcome {
        case nothing
        /// The connection can be used.
        case opened
        /// The transaction that was sent is over.
        case finished(Result<[ResultTable], DatabaseError>)
        case failed(DatabaseError)
    }

    /// An answer that is still to come.
    private enum Awaited {
        case prepared(Statement)
        case table
    }

    private(set) var phase = Phase.connecting
    /// Whether it listens for notifications and is never lent.
    let isLine: Bool
    private let handle: OpaquePointer
    private var prepared: Set<Statement> = []
    private var awaited: [Awaited] = []
    private var answered = 0
    private var tables: [ResultTable] = []
    private var failure: DatabaseError?
    private var wantsOutput = false
    private var isReadyToWrite = false

    /// Begins to connect; `nil` where libpq cannot even begin.
    init?(conninfo: String, isLine: Bool) {
        guard let handle = PQconnectStart(conninfo) else { return nil }
        self.handle = handle
        self.isLine = isLine
        guard PQstatus(handle) != CONNECTION_BAD else {
            phase = .broken
            return
        }
        isReadyToWrite = true
        // What the server remarks, such as that it shuts down, shows in what becomes of transactions.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    deinit { PQfinish(handle) }

    var descriptor: Int32 { PQsocket(handle) }

    /// Whether the loop should say when more can be written.
    var isWaitingToWrite: Bool { phase == .connecting ? isReadyToWrite : wantsOutput }

    private var message: String {
        let text = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        return text.isEmpty ? "closed by the server" : text.oneLine
    }

    /// Goes on after the socket became readable or writable.
    func advance() -> Outcome {
        switch phase {
        case .connecting: return advanceConnecting()
        case .idle, .busy: return advanceReading()
        case .broken: return .nothing
        }
    }

    private func advanceConnecting() -> Outcome {
        switch PQconnectPoll(handle) {
        case PGRES_POLLING_READING:
            isReadyToWrite = false
            return .nothing
        case PGRES_POLLING_WRITING:
            isReadyToWrite = true
            return .nothing
        case PGRES_POLLING_OK:
            guard PQsetnonblocking(handle, 1) == 0, isLine || PQenterPipelineMode(handle) == 1 else {
                return breakDown()
            }
            phase = .idle
            return .opened
        default:
            return breakDown()
        }
    }

    private func advanceReading() -> Outcome {
        guard PQconsumeInput(handle) == 1, flush() else { return breakDown() }
        guard phase == .busy else {
            // Nothing was asked: what came is a notification or the end.
            return PQstatus(handle) == CONNECTION_BAD ? breakDown() : .nothing
        }
        return isLine ? readPlain() : readPipeline()
    }

    private func readPipeline() -> Outcome {
        // Each statement's results end with nothing; more ends than statements would be libpq gone astray.
        var ends = 0
        while PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else {
                ends += 1
                if PQstatus(handle) == CONNECTION_BAD || ends > awaited.count + 1 { return breakDown() }
                continue
            }
            defer { PQclear(result) }
            let status = PQresultStatus(result)
            if status == PGRES_PIPELINE_SYNC { return .finished(finish()) }
            take(result, status)
            if PQstatus(handle) == CONNECTION_BAD { return breakDown() }
        }
        return .nothing
    }

    private func readPlain() -> Outcome {
        while PQisBusy(handle) == 0 {
            guard let result = PQgetResult(handle) else { return .finished(finish()) }
            if PQresultStatus(result) == PGRES_FATAL_ERROR { failure = failure ?? refusal(result) }
            PQclear(result)
            if PQstatus(handle) == CONNECTION_BAD { return breakDown() }
        }
        return .nothing
    }

    private func take(_ result: OpaquePointer, _ status: ExecStatusType) {
        guard answered < awaited.count else { return }
        let awaited = awaited[answered]
        answered += 1
        switch status {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK:
            switch awaited {
            case .prepared(let statement): prepared.insert(statement)
            case .table: tables.append(ResultTable(copying: result))
            }
        case PGRES_PIPELINE_ABORTED:
            break
        default:
            failure = failure ?? refusal(result)
        }
    }

    private func refusal(_ result: OpaquePointer) -> DatabaseError {
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
        let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))).map { String(cString: $0) }
        // A refusal without a state is libpq's own: the connection broke while it waited.
        guard let state else { return .connectionLost(self.message) }
        return .refused(state: SQLState(rawValue: state), message: (message ?? "").oneLine)
    }

    private func finish() -> Result<[ResultTable], DatabaseError> {
        phase = .idle
        defer {
            tables = []
            failure = nil
            awaited.removeAll(keepingCapacity: true)
            answered = 0
        }
        if let failure { return .failure(failure) }
        return .success(tables)
    }

    private func breakDown() -> Outcome {
        phase = .broken
        return .failed(.connectionLost(message))
    }

    /// Writes what waits; `false` where the connection is broken.
    private func flush() -> Bool {
        let left = PQflush(handle)
        wantsOutput = left == 1
        return left >= 0
    }
}

// MARK: Sending

extension Connection {
    /// Sends a transaction over an idle connection; `nil` means that it is under way.
    func send(_ transaction: Transaction) -> DatabaseError? {
        precondition(
            phase == .idle && !isLine,
            "a transaction goes over an idle connection, not one that is \(phase)"
        )
        phase = .busy
        var isSent = true
        for (statement, parameters) in transaction.steps where isSent {
            if !prepared.contains(statement) && !isBeingPrepared(statement) {
                isSent = PQsendPrepare(handle, statement.name, statement.text, 0, nil) == 1
                awaited.append(.prepared(statement))
            }
            isSent = isSent && send(statement, parameters)
            awaited.append(.table)
        }
        guard isSent, PQpipelineSync(handle) == 1, flush() else {
            phase = .broken
            return .connectionLost(message)
        }
        return nil
    }

    private func isBeingPrepared(_ statement: Statement) -> Bool {
        awaited.contains { if case .prepared(statement) = $0 { true } else { false } }
    }

    private func send(_ statement: Statement, _ parameters: [Parameter]) -> Bool {
        // All values in one piece, each with its NUL, so that one allocation holds whatever libpq points at.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parameters.reduce(0) { $0 + ($1.bytes?.count ?? 0) + 1 })
        var starts: [Int?] = []
        for parameter in parameters {
            starts.append(parameter.bytes.map { _ in bytes.count })
            guard let value = parameter.bytes else { continue }
            bytes.append(contentsOf: value)
            bytes.append(0)
        }
        return bytes.withUnsafeBufferPointer { buffer in
            let base = UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            let values = starts.map { start in start.flatMap { start in base.map { $0 + start } } }
            return PQsendQueryPrepared(handle, statement.name, Int32(values.count), values, nil, nil, 0) == 1
        }
    }

    /// Sends plain SQL over the line.
    func sendPlain(_ text: String) -> DatabaseError? {
        precondition(phase == .idle && isLine, "plain text goes over an idle line, not one that is \(phase)")
        phase = .busy
        guard PQsendQuery(handle, text) == 1, flush() else {
            phase = .broken
            return .connectionLost(message)
        }
        return nil
    }

    /// Takes the notifications that have come in.
    func takeNotifications() -> [Notification] {
        var taken: [Notification] = []
        while let notify = PQnotifies(handle) {
            taken.append(
                Notification(
                    channel: String(cString: notify.pointee.relname),
                    payload: String(cString: notify.pointee.extra)
                )
            )
            PQfreemem(notify)
        }
        return taken
    }
}

/// What another session told whoever listens; a doorbell, never the truth itself.
package struct Notification: Sendable, Hashable {
    package let channel: String
    package let payload: String

    package init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }
}

extension String {
    /// Without its line ends, for a message that stands in one line.
    var oneLine: String {
        split(whereSeparator: \.isNewline).joined(separator: "; ")
    }
}
