import Replay

extension LogWatch {
    /// The path of a stream, or the topic of its channel.
    func path(of stream: Stream) -> String {
        switch rule.source {
        case .events(let path): LogRule.path(path, run: stream.run)
        case .realtime(let realtime): RealtimeRule.text(realtime.topic, run: stream.run)
        }
    }

    mutating func add(reader: Int, run: String, tenant: String, isSlow: Bool) {
        if rule.isOfRuns { streamsByRun[run, default: []].append(streams.count) }
        queue.append(streams.count)
        streams.append(Stream(reader: reader, tenant: tenant, run: run, isSlow: isSlow))
    }

    /// Asks for as many of those that wait as may be asked for at once.
    mutating func openNext(at time: Int64) {
        while opening < Self.openingLimit, queuePlace < queue.count, !isStopping {
            let stream = queue[queuePlace]
            queuePlace += 1
            opening += 1
            streams[stream].phase = .opening
            streams[stream].asked = time
            if streams[stream].firstAsked == nil { streams[stream].firstAsked = time }
            guard sockets == nil else {
                join(stream, at: time)
                continue
            }
            let id = streams[stream].parser.lastEventID
            actions.append(
                .open(
                    stream: stream,
                    path: path(of: streams[stream]),
                    reader: streams[stream].reader,
                    lastEventID: id.isEmpty ? nil : id,
                    isSlow: streams[stream].isSlow
                )
            )
        }
        if queuePlace > 1_000, queuePlace * 2 > queue.count {
            queue.removeFirst(queuePlace)
            queuePlace = 0
        }
    }

    /// Whether a stream is one of those that are cut off on purpose.
    func isCutOff(_ stream: Int, _ reconnect: LogRule.Reconnect) -> Bool {
        // Sockets are cut off as a whole.
        guard sockets == nil, !streams[stream].isSlow else { return false }
        var hash = StableHash(seed: 2)
        hash.combine(UInt64(stream))
        return hash.unit < reconnect.share
    }

    mutating func leaveOpening(_ stream: Int) {
        if streams[stream].phase == .opening { opening -= 1 }
    }

    mutating func refuse(_ stream: Int, isFinal: Bool, at time: Int64) {
        leaveOpening(stream)
        streams[stream].refusals += 1
        counts.note(streams[stream].tenant) { $0.refused += 1 }
        if isFinal || isStopping || (rule.isOfRuns && streams[stream].refusals >= Self.attempts) {
            streams[stream].phase = .over
            leaveSlow(stream)
        } else {
            wait(stream, for: Self.patience, lostAt: streams[stream].lost)
        }
    }

    mutating func wait(_ stream: Int, for nanoseconds: UInt64, lostAt time: Int64?) {
        streams[stream].lost = time
        streams[stream].cut = .max
        streams[stream].parser.restart()
        let from = time ?? streams[stream].asked
        // `.min` stands for one that is in the queue.
        streams[stream].phase = .waiting(due: max(from, .min + 1) &+ Int64(clamping: nanoseconds))
    }

    mutating func close(_ stream: Int) {
        leaveOpening(stream)
        if streams[stream].phase == .open {
            openCount -= 1
            leaveSlow(stream)
        }
        streams[stream].phase = .over
        streams[stream].parser = ServerEventParser()
        drop(stream)
    }

    /// Gives up the connection or the channel of a stream; nothing of it is told any more.
    mutating func drop(_ stream: Int) {
        if sockets == nil { actions.append(.close(stream: stream)) } else { sockets?.leave(stream) }
    }

    mutating func leaveSlow(_ stream: Int) {
        if rule.isOfRuns, streams[stream].isSlow { slowOpen -= 1 }
    }
}
