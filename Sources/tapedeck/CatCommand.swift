import ArgumentParser
import JSON
import Messages
import Reports
import TraceFiles
import Traces

/// `tapedeck cat`: the messages of a trace, in order of start.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Print the exchanges of traces, readable or as JSON lines, merged by time.",
        discussion: """
            Example:
              tapedeck cat hooks.trace.gz | less
              tapedeck cat hooks.trace.gz --json | jq -r 'select(.type=="request") | .target'

            The flag no-response needs a look at the whole trace first; it is not told for one from standard input.
            """
    )

    @Argument(help: "Traces to print; - is standard input.")
    var traces: [String]

    @Flag(help: "One JSON object a line.")
    var json = false

    @Flag(help: "No warnings.")
    var quiet = false

    func run() throws {
        let readers = try traces.map { try TraceOpening.openForUse($0, quiet: quiet) }
        var lost: UInt64 = 0
        do {
            let answered = try AnsweredExchanges.ofRecordings(readers)
            let messages = try OrderedMessages(readers, includesEvents: true)
            var writer = JSONWriter()
            defer { lost = messages.lost }
            while let entry = try messages.nextEntry() {
                guard case .message(let next) = entry else {
                    if case .event(let event) = entry { print(event, with: &writer) }
                    continue
                }
                var flags: MessageFlags = []
                if next.message.kind == .request,
                    answered[readers[next.trace].header.traceID]?.contains(next.message.exchange) == false
                {
                    flags.insert(.noResponse)
                }
                if json {
                    writer.removeAll()
                    ExchangeJSON.append(next.message, connection: next.connection, flags: flags, to: &writer)
                    StandardOutput.write(writer.bytes)
                } else {
                    StandardOutput.write(
                        ExchangeText.text(next.message, connection: next.connection, flags: flags)
                    )
                }
            }
        } catch let error as TraceReadError {
            StandardOutput.flush()
            throw CommandFailure(error.description)
        }
        let damaged = readers.filter { TraceOpening.reportDamage(of: $0) }
        if lost > 0 { StandardError.print("tapedeck: \(lost) messages could not be put together whole") }
        if !damaged.isEmpty || lost > 0 { throw ExitCode(CommandExit.damaged) }
    }

    private func print(_ event: OrderedEvent, with writer: inout JSONWriter) {
        if json {
            writer.removeAll()
            EventJSON.append(event.event, connection: event.connection, to: &writer)
            StandardOutput.write(writer.bytes)
        } else {
            StandardOutput.write(EventText.text(event.event, connection: event.connection))
        }
    }
}

/// Which exchanges of a trace have a final response: one bit each.
struct AnsweredExchanges {
    private var words: [UInt64] = []

    /// Those of each recording, from all of its parts; left out where one of them can be read only once.
    static func ofRecordings(_ readers: [TraceReader]) throws -> [TraceID: AnsweredExchanges] {
        var recordings: [TraceID: AnsweredExchanges] = [:]
        for (id, parts) in Dictionary(grouping: readers, by: \.header.traceID)
        where parts.allSatisfy({ $0.fileSize != nil }) {
            var answered = AnsweredExchanges()
            for part in parts { try answered.read(part) }
            recordings[id] = answered
        }
        return recordings
    }

    /// Reads a file once and goes back to its start.
    private mutating func read(_ reader: TraceReader) throws {
        while let record = try reader.nextRecord(.withoutResponseBodies) {
            switch record {
            case .end(let end), .whole(_, _, let end):
                if end.kind == .response, !end.flags.contains(.interim) { insert(end.exchange) }
            default:
                continue
            }
        }
        try reader.rewind()
    }

    func contains(_ exchange: UInt64) -> Bool {
        let word = Int(exchange >> 6)
        return word < words.count && words[word] >> (exchange & 63) & 1 == 1
    }

    private mutating func insert(_ exchange: UInt64) {
        // Numbers run from 0, so a larger one than this comes from a file that was made up.
        guard exchange < 1 << 32 else { return }
        let word = Int(exchange >> 6)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
        }
        words[word] |= 1 << (exchange & 63)
    }
}

extension OrderedMessages {
    /// Messages of which a part is missing in the trace, or that were too many or too large to be held.
    var lost: UInt64 {
        assemblyCounts.reduce(0) { $0 + $1.withoutEnd + $1.overLimit + ($1.bytesOverLimit > 0 ? 1 : 0) }
    }
}
