import JSON
import Replay

extension LogWatch {
    mutating func take(_ event: ServerEventParser.Event, of place: Int, at time: Int64) {
        let data = event.isCut ? nil : try? JSONValue(parsing: event.data.span, maximumCount: 10_000)
        let told = rule.line.map { data?.name(at: $0) } ?? event.id
        take(line: told, data, of: place, at: time)
    }

    /// Takes a line by its name, with what it says.
    mutating func take(line told: String?, _ data: JSONValue?, of place: Int, at time: Int64) {
        let stream = streams[place]
        guard let name = told, !name.isEmpty else {
            counts.note(stream.tenant) { $0.unreadable += 1 }
            return
        }
        let run = rule.isOfRuns ? stream.run : rule.run.flatMap { data?.name(at: $0) } ?? ""
        counts.note(stream.tenant) { $0.lines += 1 }
        sample.append(LogComparison.key(name), of: run, in: place)
        if !stream.hasLine {
            streams[place].hasLine = true
            if !stream.isSlow {
                note(.firstLine, from: stream.firstAsked ?? stream.asked, to: time, of: place)
            }
        }
        guard let path = rule.time, let written = data?.value(at: path)?.moment else { return }
        clock.note(moment: written, received: time)
        let moment = written - clock.offset
        // What was written before the stream was there has not come late.
        guard moment >= stream.asked else {
            counts.note(stream.tenant) { $0.backlog += 1 }
            return
        }
        guard moment <= time + ClockBracket.slack else {
            counts.note(stream.tenant) { $0.ahead += 1 }
            return
        }
        note(stream.isSlow ? .slowLogLag : .logLag, from: moment, to: time, of: place)
    }

    mutating func note(
        _ time: Criterion.MeasuredTime,
        from start: Int64,
        to end: Int64,
        of stream: Int
    ) {
        times[StageRecord.Key(time, tenant: streams[stream].tenant), default: Latencies()]
            .record(nanoseconds: UInt64(max(0, end - start)))
    }
}
