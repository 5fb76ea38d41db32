import MeshTarget

/// What `mesh.write_progress` takes: the progress of jobs of one project.
enum ProgressText {
    static func of(_ all: [JobProgress], isBuryingDead: Bool) -> [UInt8] {
        JSONText.object { text in
            text.member("jobs", objects: all) { text, progress in
                let job = progress.job
                text.member("id", job.id)
                text.member("lock", job.lock)
                text.member("run", job.run)
                text.member("step", job.step)
                text.member("attempt", job.attempt)
                switch progress.standing {
                case .waiting(let time):
                    text.member("status", "running")
                    text.member("wait", time)
                case .calling:
                    text.member("status", "running")
                    text.member("wait", 0.0)
                case .succeeded:
                    text.member("status", "succeeded")
                case .dead:
                    text.member("status", "failed")
                    text.member("dead", isBuryingDead)
                }
                text.member("error", progress.error)
            }
            let events = all.flatMap { progress in progress.events.map { (progress.job.run, $0) } }
            text.member("events", objects: events) { text, pair in
                text.member("run", pair.0)
                text.member("type", pair.1.type)
                text.member("payload", json: pair.1.payload)
            }
            let lines = all.flatMap { progress in progress.lines.map { (progress.job.run, $0) } }
            text.member("logs", objects: lines) { text, pair in
                text.member("run", pair.0)
                text.member("level", pair.1.level)
                text.member("message", pair.1.message)
            }
        }
    }
}
