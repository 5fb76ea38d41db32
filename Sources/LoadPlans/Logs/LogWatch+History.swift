package import JSON

extension LogWatch {
    /// A run whose history is to be read, and who may read it.
    package struct OwedHistory: Hashable, Sendable {
        package var run: String
        package var reader: Int
    }

    /// The runs whose history is read when the stage is over: at most as many as the rule says, drawn by their hash.
    package var owedHistories: [OwedHistory] {
        guard let most = rule.history?.most else { return [] }
        let known = runs.keys.filter { sample.includes($0) && !expectedStreams(of: $0).isEmpty }
        let drawn =
            known.count <= most
            ? known : Array(known.map { (sample.hash($0), $0) }.sorted { $0 < $1 }.prefix(most).map(\.1))
        return drawn.sorted().compactMap { run in reader(of: run).map { OwedHistory(run: run, reader: $0) } }
    }

    /// Streams that had to give the lines of a run; one that is read slowly may be behind.
    func expectedStreams(of run: String) -> [Int] {
        if rule.isOfRuns { return (streamsByRun[run] ?? []).filter { isComparable(streams[$0]) } }
        guard let tenant = runs[run] else { return [] }
        return streams.indices.filter { place in
            isComparable(streams[place]) && (streams[place].tenant == tenant || hasOneReader)
        }
    }

    private func isComparable(_ stream: Stream) -> Bool { stream.subscribed != nil && !stream.isSlow }

    /// Holds a history against what came.
    package mutating func compare(_ history: [LogComparison.Line], of run: String) {
        guard let tenant = runs[run], rule.isOfRuns || rule.run != nil else { return }
        // Where the reading has failed it was never stopped.
        let end = stopped.map { $0 - Int64(clamping: rule.linger) + clock.offset } ?? .max
        for place in expectedStreams(of: run) {
            let stream = streams[place]
            let start = rule.hasBacklog ? .min : stream.subscribed.map { $0 + clock.offset } ?? .max
            let received = sample.lines[LogSample.Key(stream: place, run: run)] ?? []
            comparisons[tenant, default: LogComparison.Counts()].add(
                LogComparison.counts(
                    of: received,
                    against: history,
                    from: start,
                    to: stream.hasEnded ? .max : end,
                    gaps: gaps(of: stream)
                )
            )
        }
        compared += 1
    }

    /// When a stream that cannot go on where it was had nothing to tell, by the clock of the target. What was written
    /// shortly before its connection was lost may still have been on the way.
    private func gaps(of stream: Stream) -> [ClosedRange<Int64>] {
        guard sockets != nil else { return [] }
        let last = stream.lost.map { [$0...Int64.max] } ?? []
        return (stream.gaps + last).map { gap in
            let start = gap.lowerBound - Int64(clamping: rule.linger) + clock.offset
            return start...max(start, gap.upperBound == .max ? .max : gap.upperBound + clock.offset)
        }
    }

    /// Holds what came against nothing but its own numbers.
    mutating func compareByNumber() {
        for (key, received) in sample.lines where !streams[key.stream].isSlow {
            comparisons[streams[key.stream].tenant, default: LogComparison.Counts()].add(
                LogComparison.counts(of: received, isContiguous: rule.isContiguous)
            )
        }
    }

    /// Lines in the stream of one tenant of runs that another one set going.
    var foreignLines: [String: UInt64] {
        guard !rule.isOfRuns, !hasOneReader else { return [:] }
        var foreign: [String: UInt64] = [:]
        for (key, received) in sample.lines {
            guard let owner = runs[key.run], owner != streams[key.stream].tenant else { continue }
            foreign[streams[key.stream].tenant, default: 0] += UInt64(received.count)
        }
        return foreign
    }
}

extension LogRule.History {
    /// The lines of a page, and where the next one begins; `nil` for what is no page: an array, or an object with one.
    package func page(_ value: JSONValue) -> (lines: [LogComparison.Line], next: String?)? {
        let entries: [JSONValue]
        switch value {
        case .array(let elements): entries = elements
        case .object(let members):
            let arrays = members.compactMap { member -> [JSONValue]? in
                if case .array(let elements) = member.value { elements } else { nil }
            }
            guard arrays.count == 1 else { return nil }
            entries = arrays[0]
        case .null, .bool, .number, .string: return nil
        }
        let lines = entries.compactMap { entry -> LogComparison.Line? in
            guard let name = entry.name(at: line) else { return nil }
            return LogComparison.Line(key: LogComparison.key(name), time: entry.value(at: time)?.moment)
        }
        return (lines, value["next"]?.name)
    }
}
