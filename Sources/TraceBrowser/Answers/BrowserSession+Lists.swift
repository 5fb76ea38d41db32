import Bytes
import JSON
import Messages
import Packets
import Reports
import Traces

extension BrowserSession {
    /// The selection that a request asks for, and the state of its search.
    private func selection(_ request: BrowserRequest) throws -> TraceOutline.Selection {
        let query = try ExchangeQuery(request.parameters["q"] ?? "")
        let search = query.search.isEmpty ? nil : try searches.search(for: query.search)
        return TraceOutline.Selection(query, times: times(request), findings: search?.findings)
    }

    /// The range between `from` and `to`, microseconds behind the origin.
    private func times(_ request: BrowserRequest) -> Range<Int64>? {
        guard let from = request.parameters["from"].flatMap(Double.init),
            let to = request.parameters["to"].flatMap(Double.init), from.isFinite, to.isFinite, from <= to
        else { return nil }
        let origin = Double(origin)
        let bounds = Double(Int64.min / 2)...Double(Int64.max / 2)
        let start = Int64(min(max(origin + from * 1_000, bounds.lowerBound), bounds.upperBound))
        let end = Int64(min(max(origin + to * 1_000, bounds.lowerBound), bounds.upperBound))
        return start..<max(start, end)
    }

    /// Time line, routes and statuses of a selection.
    func view(_ request: BrowserRequest) throws -> JSONWriter {
        let selection = try selection(request)
        let columns = min(max(request.integer("columns") ?? 0, 0), options.limits.columns)
        let origin = origin
        let observed = observed
        let shown = options.limits.shownRoutes
        let (view, range, routes) = pass.look { outline in
            let span = outline.span ?? 0...0
            let range =
                selection.times ?? span.lowerBound..<(span.upperBound == .max ? .max : span.upperBound + 1)
            let view = outline.view(selection, over: range, columns: columns, observed: observed)
            return (view, range, view.routes.prefix(shown).map { outline.routes[Int($0.route)] })
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-view/1")
        writer.member("total", view.total)
        writer.member("from_us", Double(range.lowerBound - origin) / 1_000)
        writer.member("to_us", Double(range.upperBound - origin) / 1_000)
        writer.key("columns")
        writer.beginArray()
        for column in view.columns {
            writer.beginArray()
            for value in [
                column.succeeded, column.redirected, column.refused, column.failed, column.unanswered,
                column.slowest,
            ] { writer.integer(value) }
            writer.endArray()
        }
        writer.endArray()
        writer.key("statuses")
        writer.beginArray()
        for (status, count) in view.statuses.sorted(by: { $0.key < $1.key }) {
            writer.beginArray()
            writer.integer(status)
            writer.integer(count)
            writer.endArray()
        }
        writer.endArray()
        writer.member("route_count", view.routes.count)
        writer.key("routes")
        writer.beginArray()
        for (count, route) in zip(view.routes, routes) {
            writer.beginObject()
            writer.member("method", WireText(Array(route.method.utf8)).text)
            writer.member("route", route.template)
            writer.member("count", count.count)
            writer.member("failed", count.failed)
            writer.member("slowest_us", count.slowest)
            writer.endObject()
        }
        writer.endArray()
        append(selection.findings, to: &writer)
        writer.endObject()
        return writer
    }

    private func append(_ findings: TraceSearch.Findings?, to writer: inout JSONWriter) {
        writer.key("search")
        guard let findings else { return writer.null() }
        writer.beginObject()
        writer.member("share", findings.share)
        writer.member("finished", findings.isFinished)
        writer.member("failure", findings.failure)
        writer.endObject()
    }

    /// A page of the list.
    func exchanges(_ request: BrowserRequest) throws -> JSONWriter {
        let selection = try selection(request)
        let offset = max(0, request.integer("offset") ?? 0)
        let count = min(max(request.integer("count") ?? 50, 0), options.limits.page)
        let observed = observed
        let (page, blocks, routes, connections) = pass.look { outline in
            let page = outline.page(selection, offset: offset, count: count, observed: observed)
            return (
                page, outline.blocks,
                page.rows.map { outline.routes[Int($0.route)] },
                page.rows.map { row in
                    Int(row.connection) < outline.connections.count
                        ? outline.connections[Int(row.connection)] : nil
                }
            )
        }
        let origin = origin
        let reader = ExchangeReader(shelf, blocks: blocks, limits: options.limits)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-exchanges/1")
        writer.member("total", page.total)
        writer.member("offset", offset)
        writer.key("rows")
        writer.beginArray()
        for (index, row) in page.rows.enumerated() {
            writer.beginObject()
            writer.member("exchange", String(row.exchange))
            writer.member("start_us", Double(row.start - origin) / 1_000)
            writer.member("method", routes[index].method)
            writer.member("route", routes[index].template)
            writer.member("target", try target(of: row, with: reader))
            writer.member("status", row.status)
            if row.duration != ExchangeRow.unknown { writer.member("duration_us", row.duration) }
            writer.member("request_bytes", row.requestBytes)
            writer.member("response_bytes", row.responseBytes)
            if let connection = connections[index] {
                writer.member("connection", String(connection.number))
                writer.member("client", connection.client.description)
            }
            writer.member("session", String(row.session, radix: 16))
            writer.member("noted", row.marks.contains(.noted))
            writer.member("signed", row.marks.contains(.signed))
            writer.key("flags")
            writer.flags(row.shownFlags)
            if let answer = observed?.answer(to: row.exchange) {
                writer.member("observed_status", answer.status)
                if answer.duration != ExchangeRow.unknown { writer.member("observed_us", answer.duration) }
                writer.member("changed", observed?.hasChanged(row) ?? false)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer
    }

    /// Bytes of a target in the list.
    private static let shownTarget = 512

    private func target(of row: ExchangeRow, with reader: ExchangeReader) throws -> String? {
        guard let record = try reader.requestHead(row), let head = try? record.parsed() else { return nil }
        return WireText(head.bytes[head.targetRange.bounds].prefix(Self.shownTarget)).text
    }
}
