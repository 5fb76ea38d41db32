extension MeshState {
    /// Does everything that is due at `now`, each thing as of the moment it was due.
    ///
    /// A caller that comes late therefore sees the same runs, lines and times as one that came on time.
    package mutating func advance(to now: MeshTime) {
        while let (deadline, event) = timers.takeDue(at: now) {
            switch event {
            case .step(let number): step(number, at: deadline)
            case .heartbeat(let stream): beat(stream, at: deadline)
            }
        }
    }

    private mutating func step(_ number: UInt64, at time: MeshTime) {
        guard var run = runs.removeValue(forKey: number) else { return }
        if run.status == .queued {
            run.status = .running
            run.started = time
        } else {
            run.finishedSteps += 1
        }
        run.lineTimes.append(time)
        if run.finishedSteps == run.workflow.steps.count {
            finish(&run, at: time)
        } else {
            timers.set(.step(number), at: nextStep(of: run))
        }
        readyStreams.append(contentsOf: run.streams)
        runs[number] = run
        forgetOldest()
    }

    /// The steps share the time of a run evenly, counted from its start so that nothing adds up.
    private func nextStep(of run: Run) -> MeshTime {
        let duration = run.workflow.duration(of: run.id)
        let steps = Int64(run.workflow.steps.count)
        let share = duration / steps * Int64(run.finishedSteps + 1)
        return (run.started ?? run.created).advanced(by: share)
    }

    private mutating func finish(_ run: inout Run, at time: MeshTime) {
        run.status = run.workflow.fails ? .failed : .succeeded
        run.finished = time
        run.lineTimes.append(time)
        if run.workflow.fails { counts.failed &+= 1 } else { counts.succeeded &+= 1 }
        counts.unfinished -= 1
        finishedNumbers.append(run.number)
    }

    /// Keeps the number of finished runs within its limit.
    private mutating func forgetOldest() {
        while finishedNumbers.count - oldestFinished > limits.finishedRuns {
            forget(finishedNumbers[oldestFinished])
            oldestFinished += 1
        }
        // Dropping the taken half now and then costs O(1) a run.
        guard oldestFinished > 1024, oldestFinished * 2 > finishedNumbers.count else { return }
        finishedNumbers.removeFirst(oldestFinished)
        oldestFinished = 0
        for tenant in numbersByTenant.indices {
            numbersByTenant[tenant].removeAll { runs[$0] == nil }
        }
    }

    private mutating func forget(_ number: UInt64) {
        guard let run = runs.removeValue(forKey: number) else { return }
        numbers[run.id] = nil
        occurrences[run.id] = nil
        if let key = run.idempotencyKey { delivered[key] = nil }
        for stream in run.streams {
            streams[stream]?.isCut = true
            readyStreams.append(stream)
        }
        counts.forgotten &+= 1
    }
}
