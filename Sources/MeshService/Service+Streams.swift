import MeshDatabase
import MeshTarget

extension Service {
    func feed(of project: String) -> ProjectFeed {
        if let feed = feeds[project] { return feed }
        let feed = ProjectFeed(project: project, service: self)
        feeds[project] = feed
        return feed
    }

    /// What the doorbell said: lines or states of `project` were written.
    func heard(_ notification: Notification) {
        feeds[notification.payload]?.poke()
    }

    func streamRun(_ id: String, _ request: ServiceRequest, project: String, _ exchange: Exchange) {
        let owner = owner(of: id, reader: project)
        // What is no number of a line starts from the beginning, as a reader without one does.
        let last = request.field("Last-Event-ID").flatMap { Int64($0) } ?? 0
        run(Transaction(Queries.run, Parameter(id)), as: owner) { service, answer in
            guard let table = exchange.table(answer) else { return }
            guard table.rowCount == 1 else { return exchange.reply(Self.unknownRun) }
            guard let stream = exchange.openStream() else { return }
            let subscription = RunSubscription(
                run: id,
                project: owner,
                after: max(0, last),
                service: service,
                reader: stream
            )
            stream.runSubscription = subscription
            subscription.start()
        }
    }

    func streamProject(_ request: ServiceRequest, project: String, _ exchange: Exchange) {
        guard let stream = exchange.openStream() else { return }
        let cursor = request.field("Last-Event-ID").flatMap { FeedCursor($0) }
        let subscription = ProjectSubscription(
            project: project,
            cursor: cursor,
            service: self,
            reader: stream
        )
        stream.projectSubscription = subscription
        subscription.start()
    }
}
