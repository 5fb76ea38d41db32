import MeshTarget
import NIOCore

/// Server-sent events to one connection (WHATWG HTML, section 9.2).
final class EventStream: FeedReader, ServedStream {
    static let heartbeat = TimeAmount.seconds(15)

    private unowned let handler: ExchangeHandler<Service>
    private let service: Service
    var runSubscription: RunSubscription?
    var projectSubscription: ProjectSubscription?
    private var lastSent = NIODeadline.now()
    private var isOver = false

    init(handler: ExchangeHandler<Service>, service: Service) {
        self.handler = handler
        self.service = service
        service.counts.openStreams += 1
        beat(after: Self.heartbeat)
    }

    var isReady: Bool { !isOver && handler.isWritable }

    func begin(_ cursor: FeedCursor) {
        // An id without data: a reader that is cut off before the first event knows where to go on.
        send(Array(": ready\nid: \(cursor.text)\n\n".utf8))
    }

    func take(_ line: LogLine, cursor: FeedCursor?) {
        var bytes = Array("event: log\nid: \(cursor?.text ?? String(line.id))\ndata: ".utf8)
        bytes += JSONText.object {
            $0.member("type", "INSERT")
            $0.member("table", "logs")
            $0.member("commit_timestamp", line.committed)
            $0.member("record") { line.write(to: &$0) }
        }
        send(bytes + Array("\n\n".utf8))
    }

    func take(state entry: FeedEntry) {
        guard case .state(_, let status, let record, let committed) = entry.kind else { return }
        var bytes = Array("event: run\nid: \(entry.cursor.text)\ndata: ".utf8)
        bytes += JSONText.object {
            $0.member("type", status == "queued" ? "INSERT" : "UPDATE")
            $0.member("table", "workflow_runs")
            $0.member("commit_timestamp", committed)
            $0.member("record", json: record)
        }
        send(bytes + Array("\n\n".utf8))
    }

    func end(run: String, status: String) {
        guard !isOver else { return }
        let data = JSONText.object {
            $0.member("run_id", run)
            $0.member("status", status)
        }
        send(Array("event: end\ndata: ".utf8) + data + Array("\n\n".utf8))
        close()
        handler.endStream()
    }

    /// The reader takes more again.
    func resume() {
        runSubscription?.resume()
        projectSubscription?.read()
    }

    /// Follows no more; of no effect the second time.
    func close() {
        guard !isOver else { return }
        isOver = true
        service.counts.openStreams -= 1
        runSubscription?.stop()
        projectSubscription?.stop()
    }

    private func send(_ bytes: [UInt8]) {
        guard !isOver else { return }
        lastSent = .now()
        handler.send(bytes)
    }

    private func beat(after time: TimeAmount) {
        service.loop.assumeIsolated().scheduleTask(in: time) { [weak self] in
            guard let self, !isOver else { return }
            let silence = NIODeadline.now() - lastSent
            if silence >= Self.heartbeat { send(Array(": heartbeat\n\n".utf8)) }
            beat(after: silence >= Self.heartbeat ? Self.heartbeat : Self.heartbeat - silence)
        }
    }
}
