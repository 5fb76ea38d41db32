import MeshDatabase
import NIOCore

/// One reader of one run's log: what is written already, unless it begins now, and then what comes, each line once and in
/// order.
///
/// A reader that takes nothing is owed nothing in memory: what it misses is read from the database when it goes on.
final class RunSubscription {
    private enum Phase {
        /// Becomes `live` or `over`. Entries that come meanwhile wait.
        case loading([FeedEntry])
        /// Becomes `loading` or `over`.
        case live
        case over
    }

    let run: String
    let project: String
    private unowned let service: Service
    private weak var reader: (any FeedReader)?
    /// The last line that the reader was given or does not want; `nil` before that is known to one who begins now.
    private var last: Int64?
    /// Is told once that whatever is written from then on will be given.
    private var whenBegun: (() -> Void)?
    private var phase = Phase.loading([])
    private var isBehind = false

    /// `last` is the line after which the reader goes on; `nil` is now.
    init(
        run: String,
        project: String,
        after last: Int64?,
        service: Service,
        reader: any FeedReader,
        whenBegun: (() -> Void)? = nil
    ) {
        self.whenBegun = whenBegun
        self.run = run
        self.project = project
        self.last = last
        self.service = service
        self.reader = reader
    }

    private var feed: ProjectFeed { service.feed(of: project) }

    func start() {
        feed.add(self) { [weak self] in self?.load() }
    }

    func stop() {
        if case .over = phase { return }
        phase = .over
        feed.remove(self)
    }

    /// The reader takes more again.
    func resume() {
        guard isBehind, case .live = phase else { return }
        phase = .loading([])
        load()
    }

    private func load() {
        guard case .loading = phase, let reader else { return stop() }
        guard reader.isReady else {
            isBehind = true
            phase = .live
            return
        }
        isBehind = false
        // In this order: a run that was over when the first was read has no lines after the second.
        var transaction = Transaction(Queries.run, Parameter(run))
        let beginsNow = last == nil
        if let last {
            transaction.add(Queries.log, Parameter(run), Parameter(last), Parameter(ProjectFeed.page))
        } else {
            transaction.add(Queries.lastLine, Parameter(run))
        }
        service.run(transaction, as: project) { [weak self] service, answer in
            guard let self, case .loading(let waiting) = phase, let reader = self.reader else { return }
            guard case .success(let tables) = answer else {
                return service.after(.milliseconds(200)) { [weak self] _ in self?.load() }
            }
            if beginsNow {
                last = tables[1].integer(0, 0) ?? 0
            } else {
                for row in 0..<tables[1].rowCount { give(LogLine(tables[1], row, run: run), to: reader) }
                if tables[1].rowCount == ProjectFeed.page { return load() }
            }
            whenBegun?()
            whenBegun = nil
            let status = tables[0].rowCount == 1 ? tables[0].string(0, 4) : "canceled"
            if Service.isFinal(status) { return finish(status) }
            phase = .live
            for entry in waiting { take(entry) }
        }
    }

    func take(_ entry: FeedEntry) {
        switch phase {
        case .loading(let waiting): phase = .loading(waiting + [entry])
        case .over: break
        case .live:
            guard let reader, !isBehind, reader.isReady else {
                isBehind = true
                return
            }
            switch entry.kind {
            case .line(let line): give(line, to: reader)
            case .state(_, let status, _, _):
                if Service.isFinal(status) { finish(status) }
            }
        }
    }

    private func give(_ line: LogLine, to reader: any FeedReader) {
        guard let known = last, line.id > known else { return }
        last = line.id
        service.deliver(line, cursor: nil, to: reader)
    }

    private func finish(_ status: String) {
        stop()
        let reader = reader
        let run = run
        service.late { reader?.end(run: run, status: status) }
    }
}

/// One reader of everything that happens in a project.
final class ProjectSubscription {
    private unowned let service: Service
    private weak var reader: (any FeedReader)?
    /// The project, and others where a defect is planted; how far the reader has come in each.
    private var sources: [(project: String, cursor: FeedCursor?)]
    private var reading: Set<String> = []
    private var isOver = false

    /// - Parameter cursor: where the reader goes on; `nil` is now.
    init(project: String, cursor: FeedCursor?, service: Service, reader: any FeedReader) {
        self.service = service
        self.reader = reader
        sources = [(project, cursor)]
        guard service.options.defects.has(.streamLeak) else { return }
        for other in service.directory.projects where other != project { sources.append((other, nil)) }
    }

    func start() {
        for source in sources { service.feed(of: source.project).add(self) }
        read()
    }

    func stop() {
        isOver = true
        for source in sources { service.feed(of: source.project).remove(self) }
    }

    func read() {
        guard !isOver, reader?.isReady == true else { return }
        for place in sources.indices where !reading.contains(sources[place].project) { read(place) }
    }

    private func read(_ place: Int) {
        let (project, cursor) = sources[place]
        reading.insert(project)
        guard let cursor else {
            service.run(Transaction(Queries.feedStart), as: project) { [weak self] _, answer in
                self?.reading.remove(project)
                guard case .success(let tables) = answer,
                    let writer = tables.last.flatMap({ $0.integer(0, 0) })
                else {
                    return
                }
                let cursor = FeedCursor(writer: writer)
                self?.sources[place].cursor = cursor
                if place == 0 { self?.reader?.begin(cursor) }
            }
            return
        }
        let feed = Transaction(
            Queries.feed,
            Parameter(project),
            Parameter(cursor.writer),
            Parameter(cursor.line),
            Parameter(cursor.state),
            Parameter(ProjectFeed.page)
        )
        service.run(feed, as: project) { [weak self] service, answer in
            guard let self, !isOver else { return }
            reading.remove(project)
            guard let reader, case .success(let tables) = answer, let table = tables.last else { return }
            let entries = FeedEntry.all(in: table, after: cursor)
            guard let last = entries.last else { return }
            sources[place].cursor = last.cursor
            service.counts.feedLag = table.number(table.rowCount - 1, 8) ?? 0
            for entry in entries {
                switch entry.kind {
                case .line(let line): service.deliver(line, cursor: entry.cursor, to: reader)
                case .state: service.late { reader.take(state: entry) }
                }
            }
            if entries.count == ProjectFeed.page { read() }
        }
    }
}
