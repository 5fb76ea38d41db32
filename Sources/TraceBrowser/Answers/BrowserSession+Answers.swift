import JSON
import Packets
import Reports
import Traces

extension BrowserSession {
    /// Answers a request that has passed the gate; may take as long as reading a few blocks, and sending, to answer.
    package func answer(_ request: BrowserRequest) -> BrowserAnswer {
        do {
            switch (request.method, request.path) {
            case (.get, "api/trace"): return .json(trace())
            case (.get, "api/state"): return .json(state())
            case (.get, "api/view"): return .json(try view(request))
            case (.get, "api/exchanges"): return .json(try exchanges(request))
            case (.get, "api/exchange"): return try exchange(request)
            case (.get, "api/body"): return try body(request)
            case (.post, "api/send"): return try send(request)
            case (.get, _): return BrowserPage.asset(request.path) ?? .refusal(404, "there is no such page")
            case (.post, _): return .refusal(404, "there is nothing to post to")
            }
        } catch let error as QueryError {
            return .refusal(400, error.description)
        } catch {
            return .refusal(500, "\(error)")
        }
    }

    /// What the trace is, for the head of the page.
    private func trace() -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-trace/1")
        writer.member("path", path)
        writer.member("trace_id", header.traceID.description)
        writer.member("origin_ns", String(origin))
        writer.member("origin", UTCTime(.init(nanoseconds: origin)).description)
        writer.member("anonymized", header.isAnonymized)
        writer.key("anonymizers")
        writer.beginArray()
        for anonymizer in header.anonymizers { writer.string(anonymizer.name) }
        writer.endArray()
        writer.key("sources")
        writer.beginArray()
        for source in header.sources { writer.string("\(source.host) \(source.interface)") }
        writer.endArray()
        writer.member("tool_version", header.toolVersion)
        writer.member("target", options.sender?.target)
        writer.member("observed_path", observedPath)
        writer.counts("ledger", (index?.ledger ?? []).filter { $0.value > 0 })
        writer.counts("anonymized_values", index?.anonymized ?? [])
        writer.endObject()
        return writer
    }

    /// How far reading has come.
    private func state() -> JSONWriter {
        let state = pass.state
        let (rows, leftOut, notesLeftOut, span) = pass.look { outline in
            (outline.rows.count, outline.leftOut.exchanges, outline.leftOut.notes, outline.span)
        }
        let origin = origin
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-state/1")
        writer.member("share", state.share)
        writer.member("finished", state.isFinished)
        writer.member("failure", state.failure)
        writer.member("exchanges", rows)
        writer.member("left_out", leftOut)
        writer.member("notes_left_out", notesLeftOut)
        writer.member("first_us", span.map { Double($0.lowerBound - origin) / 1_000 } ?? 0)
        writer.member("last_us", span.map { Double($0.upperBound - origin) / 1_000 } ?? 0)
        writer.key("damage")
        writer.beginArray()
        for sentence in state.damage.prefix(20) { writer.string(sentence) }
        writer.endArray()
        switch observation {
        case .none: writer.member("observed", nil)
        case .reading: writer.member("observed", "reading")
        case .read(let answers):
            writer.member("observed", "read")
            writer.member("observed_answers", answers.count)
            writer.member("observed_foreign", answers.foreign)
        case .failed(let reason):
            writer.member("observed", "failed")
            writer.member("observed_failure", reason)
        }
        writer.endObject()
        return writer
    }
}
