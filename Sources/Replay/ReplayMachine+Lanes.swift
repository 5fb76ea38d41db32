extension ReplayMachine {
    /// The lane of a request, made where it is the first of its recorded connection.
    mutating func laneNumber(of scheduled: ScheduledRequest, at now: MonotonicTime) -> Int {
        let key = LaneKey(
            connection: scheduled.request.connection,
            loop: scheduled.loop,
            copy: scheduled.copy
        )
        if let number = laneNumbers[key] { return number }
        if laneNumbers.count >= limits.lanes { forgetLanes(at: now) }
        let lane = Lane(key: key, primary: takeConnection(), at: now)
        metrics.connections.recorded += 1
        let number: Int
        if let free = freeLanes.popLast() {
            number = free
            lanes[number] = lane
        } else {
            number = lanes.count
            lanes.append(lane)
        }
        laneNumbers[key] = number
        return number
    }

    mutating func remove(lane number: Int) {
        guard let lane = lanes[number].take() else { return }
        laneNumbers[lane.key] = nil
        freeLanes.append(number)
    }

    mutating func takeConnection() -> ConnectionID {
        if let free = freeConnections.popLast() { return free }
        defer { nextConnection &+= 1 }
        return nextConnection
    }

    /// Forgets idle lanes unused in the longer half of the time since the oldest was used.
    ///
    /// Their connections stay with the transport, which closes the longest idle ones itself; the numbers are not
    /// given out again, so no other lane can come upon them.
    private mutating func forgetLanes(at now: MonotonicTime) {
        var oldest = now
        for case let lane? in lanes where lane.isIdle { oldest = min(oldest, lane.lastUse) }
        let cutoff = oldest + (now - oldest) / 2
        for number in lanes.indices {
            guard let lane = lanes[number], lane.isIdle, lane.lastUse <= cutoff else { continue }
            remove(lane: number)
            metrics.lanesForgotten += 1
        }
    }
}
