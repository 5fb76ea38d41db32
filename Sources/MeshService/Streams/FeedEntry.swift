import MeshDatabase
import MeshTarget
import NIOCore

/// How far a reader of a project's feed has come.
///
/// Rows are in the order of the transactions that wrote them; lines and states have numbers of their own.
package struct FeedCursor: Equatable, Sendable {
    package var writer: Int64
    package var line: Int64 = 0
    package var state: Int64 = 0

    /// After everything that transactions below `writer` wrote.
    package init(writer: Int64) { self.writer = writer }

    /// `WRITER.LINE.STATE`.
    package init?(_ text: String) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) ?? -1 }
        guard numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        (writer, line, state) = (numbers[0], numbers[1], numbers[2])
    }

    package var text: String { "\(writer).\(line).\(state)" }

    package mutating func pass(writer: Int64, line: Int64? = nil, state: Int64? = nil) {
        if writer != self.writer { self = FeedCursor(writer: writer) }
        self.line = line ?? self.line
        self.state = state ?? self.state
    }
}

/// Something that happened in a project.
struct FeedEntry: Sendable {
    enum Kind: Sendable {
        case line(LogLine)
        /// A run became this; with the record of the run.
        case state(run: String, status: String, record: [UInt8], committed: String)
    }

    var kind: Kind
    /// How far a reader has come that has read it.
    var cursor: FeedCursor

    var run: String {
        switch kind {
        case .line(let line): line.run
        case .state(let run, _, _, _): run
        }
    }

    /// What the rows of `Queries.feed` say, read by a reader that had come to `cursor`.
    static func all(in table: ResultTable, after cursor: FeedCursor) -> [FeedEntry] {
        var cursor = cursor
        return (0..<table.rowCount).map { row in
            let writer = table.integer(row, 1) ?? 0
            let id = table.integer(row, 2) ?? 0
            let run = table.string(row, 3)
            let committed = table.string(row, 7)
            if table.integer(row, 0) == 0 {
                cursor.pass(writer: writer, line: id)
                let line = LogLine(
                    id: id,
                    run: run,
                    level: table.string(row, 4),
                    message: table.string(row, 5),
                    created: table.string(row, 6),
                    committed: committed
                )
                return FeedEntry(kind: .line(line), cursor: cursor)
            }
            cursor.pass(writer: writer, state: id)
            let status = table.string(row, 4)
            let record = JSONText.object { Service.write(table, row: row, status: status, to: &$0, from: 9) }
            return FeedEntry(
                kind: .state(run: run, status: status, record: record, committed: committed),
                cursor: cursor
            )
        }
    }
}

/// Whoever is told what happens: an event stream or a channel of a socket.
protocol FeedReader: AnyObject {
    /// Whether it takes more without keeping it in memory.
    var isReady: Bool { get }
    /// What happens after `cursor` will be told.
    func begin(_ cursor: FeedCursor)
    func take(_ line: LogLine, cursor: FeedCursor?)
    func take(state: FeedEntry)
    /// The run is over, and nothing more comes.
    func end(run: String, status: String)
}

extension Service {
    static func isFinal(_ status: String) -> Bool { ["succeeded", "failed", "canceled"].contains(status) }

    /// Gives a line to a reader, as late and as wrong as was asked for.
    func deliver(_ line: LogLine, cursor: FeedCursor?, to reader: any FeedReader) {
        if options.defects.strikes(.logDropped) { return }
        let times = options.defects.strikes(.logDuplicated) ? 2 : 1
        late { for _ in 0..<times { reader.take(line, cursor: cursor) } }
    }

    /// Does something as late as lines are sent.
    func late(_ what: @escaping () -> Void) {
        guard options.logDelay > 0 else { return what() }
        after(.nanoseconds(options.logDelay)) { _ in what() }
    }
}
