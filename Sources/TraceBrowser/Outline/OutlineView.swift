import Messages

/// What a query selects of an outline, summed up for a screen: a time line, routes, statuses.
package struct OutlineView: Sendable {
    /// One column of the time line.
    package struct Column: Hashable, Sendable {
        package var succeeded: UInt32 = 0
        package var redirected: UInt32 = 0
        package var refused: UInt32 = 0
        package var failed: UInt32 = 0
        package var unanswered: UInt32 = 0
        /// The longest of its exchanges, in microseconds.
        package var slowest: UInt32 = 0
    }

    package struct RouteCount: Hashable, Sendable {
        package var route: UInt16
        package var count: UInt64 = 0
        /// Of those, the ones that were answered with 5xx or not at all.
        package var failed: UInt64 = 0
        /// The longest, in microseconds.
        package var slowest: UInt32 = 0
    }

    package var total: UInt64 = 0
    package var columns: [Column]
    /// The most frequent first.
    package var routes: [RouteCount] = []
    /// By status; 0 for exchanges without response.
    package var statuses: [UInt16: UInt64] = [:]
}

extension TraceOutline {
    /// What to look at: a query, a range of starts, and what its search has found.
    package struct Selection: Sendable {
        package var query: ExchangeQuery
        /// Nanoseconds since 1970; `nil` for the whole of the trace.
        package var times: Range<Int64>?
        package var findings: TraceSearch.Findings?

        package init(
            _ query: ExchangeQuery = .all,
            times: Range<Int64>? = nil,
            findings: TraceSearch.Findings? = nil
        ) {
            self.query = query
            self.times = times
            self.findings = findings
        }
    }

    /// Sums up a selection, with a time line of `columns` over `range`; O(rows).
    package func view(
        _ selection: Selection,
        over range: Range<Int64>,
        columns: Int,
        observed: ObservedAnswers? = nil
    ) -> OutlineView {
        var view = OutlineView(columns: Array(repeating: OutlineView.Column(), count: columns))
        var counts = [OutlineView.RouteCount](
            unsafeUninitializedCapacity: routes.count
        ) { buffer, count in
            for index in 0..<routes.count {
                buffer.initializeElement(at: index, to: OutlineView.RouteCount(route: UInt16(index)))
            }
            count = routes.count
        }
        var statuses = [UInt64](repeating: 0, count: 1_000)
        let width = max(1, Double(range.upperBound) - Double(range.lowerBound)) / Double(max(1, columns))
        let predicate = RowPredicate(
            selection.query,
            times: selection.times,
            findings: selection.findings,
            for: self
        )
        for row in rows where predicate.allows(row, hasChanged: observed?.hasChanged(row) ?? false) {
            view.total += 1
            statuses[min(999, Int(row.status))] += 1
            let duration = row.duration == ExchangeRow.unknown ? 0 : row.duration
            let hasFailed = row.status == 0 || row.status >= 500
            counts[Int(row.route)].count += 1
            if hasFailed { counts[Int(row.route)].failed += 1 }
            counts[Int(row.route)].slowest = max(counts[Int(row.route)].slowest, duration)
            guard columns > 0, range.contains(row.start) else { continue }
            let column = min(
                columns - 1,
                Int((Double(row.start) - Double(range.lowerBound)) / width)
            )
            view.columns[column].add(row.status, duration)
        }
        view.routes = counts.filter { $0.count > 0 }.sorted {
            ($1.count, $0.route) < ($0.count, $1.route)
        }
        for (status, count) in statuses.enumerated() where count > 0 { view.statuses[UInt16(status)] = count }
        return view
    }

    /// Rows of a selection from `offset` on, and how many there are in all; O(rows).
    package func page(
        _ selection: Selection,
        offset: Int,
        count: Int,
        observed: ObservedAnswers? = nil
    ) -> (rows: [ExchangeRow], total: Int) {
        let predicate = RowPredicate(
            selection.query,
            times: selection.times,
            findings: selection.findings,
            for: self
        )
        var page: [ExchangeRow] = []
        var total = 0
        for row in rows where predicate.allows(row, hasChanged: observed?.hasChanged(row) ?? false) {
            if total >= offset, page.count < count { page.append(row) }
            total += 1
        }
        return (page, total)
    }
}

extension OutlineView.Column {
    fileprivate mutating func add(_ status: UInt16, _ duration: UInt32) {
        switch status {
        case 0: unanswered += 1
        case ..<300: succeeded += 1
        case ..<400: redirected += 1
        case ..<500: refused += 1
        default: failed += 1
        }
        slowest = max(slowest, duration)
    }
}
