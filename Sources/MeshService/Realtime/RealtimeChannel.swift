import MeshTarget

/// One topic that a socket has joined: what happens from then on is told as `postgres_changes`. What was before, the
/// service that it imitates has no way to ask for.
final class RealtimeChannel: FeedReader {
    let topic: String
    private unowned let socket: RealtimeSocket
    private var runSubscription: RunSubscription?
    private var projectSubscription: ProjectSubscription?

    /// Joins `realtime:run-logs-{id}` or `realtime:project-logs`; `nil` where the topic is another.
    init?(topic: String, project: String, socket: RealtimeSocket, service: Service) {
        self.topic = topic
        self.socket = socket
        if topic == "realtime:project-logs" {
            projectSubscription = ProjectSubscription(
                project: project,
                cursor: nil,
                service: service,
                reader: self
            )
        } else if topic.hasPrefix("realtime:run-logs-") {
            let run = String(topic.dropFirst("realtime:run-logs-".count))
            let owner = service.owner(of: run, reader: project)
            runSubscription = RunSubscription(
                run: run,
                project: owner,
                after: nil,
                service: service,
                reader: self,
                whenBegun: { [weak self] in self?.noteBegin() }
            )
        } else {
            return nil
        }
    }

    /// Row security decides what is told: another tenant's run says nothing, like one that does not exist.
    func start() {
        runSubscription?.start()
        projectSubscription?.start()
    }

    func stop() {
        runSubscription?.stop()
        projectSubscription?.stop()
    }

    func resume() {
        runSubscription?.resume()
        projectSubscription?.read()
    }

    var isReady: Bool { socket.isWritable }

    func begin(_ cursor: FeedCursor) { noteBegin() }

    /// Whatever is written from now on will be told.
    private func noteBegin() { socket.noteSubscription(topic) }

    func take(_ line: LogLine, cursor: FeedCursor?) {
        tell(table: "logs", type: "INSERT", committed: line.committed) {
            $0.member("record") { line.write(to: &$0) }
        }
    }

    func take(state entry: FeedEntry) {
        guard case .state(_, let status, let record, let committed) = entry.kind else { return }
        let type = status == "queued" ? "INSERT" : "UPDATE"
        tell(table: "workflow_runs", type: type, committed: committed) { $0.member("record", json: record) }
    }

    /// The service it imitates says nothing of the end of a run.
    func end(run: String, status: String) {}

    private func tell(
        table: String,
        type: String,
        committed: String,
        _ record: @escaping (inout JSONText) -> Void
    ) {
        socket.send(
            PhoenixMessage.text(topic: topic, event: "postgres_changes", ref: nil) { text in
                text.member("ids", json: "[1]".utf8)
                text.member("data") { text in
                    text.member("schema", "mesh")
                    text.member("table", table)
                    text.member("type", type)
                    text.member("commit_timestamp", committed)
                    record(&text)
                    text.member("errors", nil as String?)
                }
            }
        )
    }
}
