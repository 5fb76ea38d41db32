extension MeshState {
    mutating func openStream(
        _ id: String,
        _ request: MeshRequest,
        tenant: Int,
        at now: MeshTime
    ) -> MeshAnswer {
        guard let run = run(id, tenant: tenant) else { return .reply(Self.unknownRun) }
        guard streams.count < limits.streams else {
            counts.refused &+= 1
            return .reply(.failure(503, "too many event streams").adding("Retry-After", "1"))
        }
        let stream = MeshStreamID(number: nextStream)
        nextStream += 1
        // Ids are the numbers of lines, so the id of the last line seen is the index of the next. What is no
        // such number starts from the beginning, as a reader without one does.
        let seen = request.lastEventID.flatMap { Int($0) } ?? 0
        let nextLine = seen >= 0 && seen <= run.lineTimes.count ? seen : 0
        streams[stream] = LogStream(run: run.number, nextLine: nextLine, lastSent: now)
        runs[run.number]?.streams.append(stream)
        counts.streams &+= 1
        counts.openStreams = streams.count
        timers.set(.heartbeat(stream), at: now.advanced(by: MeshLimits.heartbeat))
        return .stream(stream)
    }

    /// Takes the streams that have something to pull; each is named at most once.
    package mutating func takeReadyStreams() -> [MeshStreamID] {
        guard !readyStreams.isEmpty else { return [] }
        var seen: Set<MeshStreamID> = []
        let ready = readyStreams.filter { streams[$0] != nil && seen.insert($0).inserted }
        readyStreams.removeAll(keepingCapacity: true)
        return ready
    }

    /// Appends the next events of the stream to `bytes`, about `MeshLimits.streamChunk` of them.
    package mutating func pull(
        _ id: MeshStreamID,
        into bytes: inout [UInt8],
        at now: MeshTime
    ) -> StreamProgress {
        guard var stream = streams[id] else { return .ended }
        guard !stream.isCut, let run = runs[stream.run] else {
            closeStream(id)
            return .ended
        }
        let start = bytes.count
        if stream.owesHeartbeat {
            bytes.append(contentsOf: ": heartbeat\n\n".utf8)
            stream.owesHeartbeat = false
        }
        while stream.nextLine < run.lineTimes.count, bytes.count - start < MeshLimits.streamChunk {
            Self.append(line: stream.nextLine, of: run, to: &bytes)
            stream.nextLine += 1
        }
        if bytes.count > start { stream.lastSent = now }
        streams[id] = stream
        if stream.nextLine < run.lineTimes.count { return .more }
        guard run.status.isFinal else { return .waiting }
        bytes.append(contentsOf: "event: end\ndata: ".utf8)
        bytes.append(
            contentsOf: JSONText.object {
                $0.member("run_id", run.id.text)
                $0.member("status", run.status.rawValue)
            }
        )
        bytes.append(contentsOf: "\n\n".utf8)
        closeStream(id)
        return .ended
    }

    /// Forgets a stream whose reader went away.
    package mutating func closeStream(_ id: MeshStreamID) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        runs[stream.run]?.streams.removeAll { $0 == id }
        counts.openStreams = streams.count
    }

    mutating func beat(_ id: MeshStreamID, at time: MeshTime) {
        guard let stream = streams[id] else { return }
        let due = stream.lastSent.advanced(by: MeshLimits.heartbeat)
        guard due <= time else {
            timers.set(.heartbeat(id), at: due)
            return
        }
        streams[id]?.owesHeartbeat = true
        readyStreams.append(id)
        timers.set(.heartbeat(id), at: time.advanced(by: MeshLimits.heartbeat))
    }

    /// An event as `text/event-stream` writes it (WHATWG HTML, section 9.2).
    private static func append(line: Int, of run: Run, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "event: log\nid: \(line + 1)\ndata: ".utf8)
        bytes.append(
            contentsOf: JSONText.object {
                $0.member("type", "INSERT")
                $0.member("table", "logs")
                $0.member("commit_timestamp", run.lineTimes[line].iso8601)
                $0.member("record") { run.writeLine(line, to: &$0) }
            }
        )
        bytes.append(contentsOf: "\n\n".utf8)
    }
}
