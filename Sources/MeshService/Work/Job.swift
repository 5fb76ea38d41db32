import MeshDatabase
import MeshTarget

/// A run that a worker has taken, to be carried on from `step`.
package struct Job: Sendable, Equatable {
    package var id: Int64
    /// What tells this taking from an earlier or later one.
    package var lock: Int64
    package var project: String
    package var run: String
    package var workflow: String
    package var step: Int
    /// Attempts at this step that failed.
    package var attempt: Int
    package var maxAttempts: Int

    /// Whether the first step of the run was written.
    package var isStarted = false
    /// What the delivery was marked with.
    package var correlation: String?

    package init(
        id: Int64,
        lock: Int64,
        project: String,
        run: String,
        workflow: String,
        step: Int = 0,
        attempt: Int = 0,
        maxAttempts: Int = 5,
        isStarted: Bool = false
    ) {
        self.id = id
        self.lock = lock
        self.project = project
        self.run = run
        self.workflow = workflow
        self.step = step
        self.attempt = attempt
        self.maxAttempts = maxAttempts
        self.isStarted = isStarted
    }
}

extension Job {
    /// The rows of `Queries.claim`.
    static func all(in table: ResultTable) -> [Job] {
        (0..<table.rowCount).map { row in
            var job = Job(
                id: table.integer(row, 0) ?? 0,
                lock: table.integer(row, 1) ?? 0,
                project: table.string(row, 2),
                run: table.string(row, 3),
                workflow: table.string(row, 4),
                step: Int(table.integer(row, 5) ?? 0),
                attempt: Int(table.integer(row, 6) ?? 0),
                maxAttempts: Int(table.integer(row, 7) ?? 5),
                isStarted: table.flag(row, 8)
            )
            job.correlation = table.text(row, 9)
            return job
        }
    }
}

/// What carrying a job on came to: events and lines in their order, and how it stands.
package struct JobProgress: Sendable, Equatable {
    package struct Event: Sendable, Equatable {
        package var type: String
        package var payload: [UInt8]
    }

    package struct Line: Sendable, Equatable {
        package var level: String
        package var message: String
    }

    package enum Standing: Sendable, Equatable {
        /// Due again after so many milliseconds.
        case waiting(Double)
        /// Waits for the answer to a call before it goes on.
        case calling(url: String?)
        case succeeded
        /// Given up: the run has failed.
        case dead(String)
    }

    package var job: Job
    package var events: [Event] = []
    package var lines: [Line] = []
    package var standing = Standing.waiting(0)
    /// What went wrong last, where something did.
    package var error: String?
}
