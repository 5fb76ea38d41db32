import Replay

extension LogWatch {
    /// The path of a stream, or the topic of its channel.
    func path(of stream: Stream) -> String {
        switch rule.source {
        case .events(let path): LogRule.path(path, run: stream.run)
        case .realtime(let realtime): RealtimeRule.text(realtime.topic, run: stream.run)
        }
    }

    mutating func add(reader: Int, run: String, tenant: String, isSlow: Bool, at time: Int64) {
        if rule.isOfRuns { streamsByRun[run, default: []].append(streams.count) }
        queue.append(streams.count)
        streams.append(Stream(reader: reader, tenant: tenant, run: run, isSlow: isSlow, asked: time))
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
        if isFinal || isStopping || isGivenUp(streams[stream]) {
            streams[stream].phase = .over
            leaveSlow(stream)
        } else {
            let pause = pause(before: streams[stream])
            wait(stream, until: time &+ Int64(clamping: pause), lostAt: streams[stream].lost)
        }
    }

    /// A stream that was there goes on owing lines, so that it is asked for as long as anything is read.
    private func isGivenUp(_ stream: Stream) -> Bool {
        rule.isOfRuns && stream.subscribed == nil && stream.refusals >= Self.attempts
    }

    /// Nanoseconds before a stream that was refused is asked for again. Those that were there may be many; they wait twice
    /// as long each time, but no longer than lines are waited for when the stage is over.
    private func pause(before stream: Stream) -> UInt64 {
        guard stream.subscribed != nil else { return Self.patience }
        return min(Self.patience << UInt64(min(stream.refusals - 1, 3)), max(Self.patience, rule.linger))
    }

    mutating func wait(_ stream: Int, until due: Int64, lostAt time: Int64?) {
        streams[stream].lost = time
        streams[stream].cut = .max
        streams[stream].parser.restart()
        // `.min` stands for one that is in the queue.
        streams[stream].phase = .waiting(due: max(due, .min + 1))
    }

    /// Counts a stream that never was there and is still waited for when the reading ends, unless it was asked for so
    /// late that nobody could have answered.
    mutating func noteUnanswered(_ place: Int, at time: Int64) {
        let stream = streams[place]
        guard stream.subscribed == nil else { return }
        let waited = time - stream.asked
        if stream.phase == .opening, waited >= Int64(Self.patience) {
            lastFailure = "\(path(of: stream)): no answer before the reading ended"
        } else if stream.phase == .waiting(due: .min), stream.refusals == 0, waited >= Self.answerPatience {
            lastFailure = "\(path(of: stream)): never asked for, since those before it had no answer"
        } else {
            return
        }
        counts.note(stream.tenant) { $0.refused += 1 }
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
