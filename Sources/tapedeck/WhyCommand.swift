import ArgumentParser
import JSON
import Packets
import Replay
import Reports
import TraceFiles
import Traces

/// `tapedeck why`: what happened to one exchange, to one connection, or at one moment.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Tell what happened to an exchange, to a connection, or at a moment of a trace.",
        discussion: """
            Example:
              tapedeck why hooks.trace.gz --exchange 17
              tapedeck why hooks.trace.gz --connection 3
              tapedeck why hooks.trace.gz --at 1m30s
              tapedeck why hooks-*.trace.gz --exchange 90211

            Several files are parts of one recording, in any order: what goes on from one to the next is told as one. \
            Numbers are those of `tapedeck cat`. Times count from the first message of the trace; a moment may also be \
            given as nanoseconds since 1970. The answer tells gaps, joins, resets and limits that were hit, and what \
            the system dropped at that time. A trace is read twice, so it must be a file.
            """
    )

    @Argument(help: "Trace to look into, or parts of one.")
    var traces: [String]

    @Option(help: "Number of an exchange.")
    var exchange: UInt64?

    @Option(help: "Number of a connection.")
    var connection: UInt64?

    @Option(help: ArgumentHelp("Moment: 10s, 1h30m, or nanoseconds since 1970.", valueName: "time"))
    var at: String?

    @Option(parsing: .unconditional, help: "How far around the moment to look.")
    var window: DurationArgument?

    @Flag(help: "One JSON object instead of text.")
    var json = false

    func validate() throws {
        let questions = [exchange != nil, connection != nil, at != nil].filter { $0 }.count
        guard questions == 1 else {
            throw ValidationError("give one of --exchange, --connection and --at")
        }
        if window != nil, at == nil { throw ValidationError("--window goes with --at") }
    }

    /// How far around a moment to look where nothing is said, in nanoseconds.
    private static let usualWindow: Int64 = 1_000_000_000

    func run() throws {
        let parts = try openParts()
        do {
            var extent = TraceExtent(lookingFor: exchange)
            for part in parts {
                while let record = try part.nextRecord(.withoutResponseBodies) { extent.receive(record) }
                try part.rewind()
            }
            var history = TraceHistory(
                try question(extent),
                origin: extent.origin,
                isLive: parts.contains { $0.header.sources.contains { $0.clock != "file" } }
            )
            for part in parts { while let record = try part.nextRecord() { history.receive(record) } }
            history.finish()
            if json {
                var writer = JSONWriter()
                history.appendJSON(to: &writer)
                StandardOutput.write(writer.bytes)
            } else {
                StandardOutput.write(history.text())
            }
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
        // Not `contains`: each is to be told of.
        if !parts.filter({ TraceOpening.reportDamage(of: $0) }).isEmpty {
            throw ExitCode(CommandExit.damaged)
        }
    }

    /// The files, in the order in which they were written.
    private func openParts() throws -> [TraceReader] {
        var parts: [TraceReader] = []
        for path in traces {
            let reader = try TraceOpening.open(path)
            guard reader.fileSize != nil else {
                throw CommandFailure("\(path) cannot be read twice; give the name of a file")
            }
            if let other = parts.first(where: { $0.header.traceID != reader.header.traceID }) {
                throw CommandFailure("\(path) is no part of the recording of \(other.path)")
            }
            if let other = parts.first(where: { $0.header.part == reader.header.part }) {
                throw CommandFailure("\(path) and \(other.path) are the same part of a recording")
            }
            parts.append(reader)
        }
        return parts.sorted { $0.header.part < $1.header.part }
    }

    /// What was named, in words.
    private var named: String { traces.count == 1 ? "\(traces[0]) holds" : "these parts hold" }

    private func question(_ extent: TraceExtent) throws -> TraceHistory.Question {
        if let exchange {
            guard let number = extent.connectionOfExchange else {
                throw CommandFailure("no exchange \(exchange): \(named) \(Self.name(extent.exchanges))")
            }
            return .exchange(exchange, connection: number)
        }
        if let connection {
            guard extent.connections?.contains(connection) == true else {
                throw CommandFailure(
                    "no connection \(connection): \(named) \(Self.name(extent.connections))"
                )
            }
            return .connection(connection)
        }
        let moment: TraceMoment
        do {
            moment = try TraceMoment(at ?? "")
        } catch {
            throw CommandFailure("--at: \(error)")
        }
        let time = moment.time(origin: extent.origin)
        let reach = window.map { Int64(clamping: $0.nanoseconds) } ?? Self.usualWindow
        return .moment(time, from: time.advanced(by: -reach), to: time.advanced(by: reach))
    }

    private static func name(_ range: ClosedRange<UInt64>?) -> String {
        guard let range else { return "none" }
        return range.lowerBound == range.upperBound
            ? "\(range.lowerBound) only" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
