import Bytes
import Correlation
import Messages

extension AwaitedAnswers {
    /// Puts what is known by now into a request that is about to be sent at `now`, in nanoseconds since 1970.
    ///
    /// `pathPrefix` is what a replay put before the recorded target. O(request × its places).
    mutating func fill(_ scheduled: inout ScheduledRequest, pathPrefix: [UInt8], at now: Int64) {
        var draft = RequestDraft(scheduled.request.content, pathPrefix: pathPrefix)
        let bindings = scheduled.ties.bindings
        var index = 0
        while index < bindings.count {
            let spot = live.spot(of: bindings[index])
            var replacements: [RequestDraft.Replacement] = []
            var moves: [RequestDraft.Replacement] = []
            while index < bindings.count, live.spot(of: bindings[index]) == spot {
                let binding = bindings[index]
                index += 1
                switch binding.origin {
                case .answer(let exchange, let source, let number):
                    let key = scheduled.key(of: exchange)
                    if let value = live.value(key, source: source, number: number) {
                        replacements.append(binding.replacement(value))
                    } else {
                        counts.misses += 1
                    }
                case .fixed(let value): moves.append(binding.replacement(value))
                case .moved(let recorded, let value):
                    if let moved = DateText.moved(value, by: now &- recorded) {
                        moves.append(binding.replacement(moved))
                    }
                }
            }
            let used = draft.put(replacements, at: spot)
            counts.uses += UInt64(used)
            counts.misses += UInt64(replacements.count - used)
            counts.replaced += UInt64(draft.put(moves, at: spot))
        }
        guard draft.isChanged else { return }
        scheduled.request.withContent { $0.take(draft, pathPrefix: pathPrefix) }
    }
}

extension RequestDraft {
    fileprivate init(_ request: PreparedRequest.Content, pathPrefix: [UInt8]) {
        var target = Array(request.bytes[request.target])
        if !pathPrefix.isEmpty, target.starts(with: pathPrefix) { target.removeFirst(pathPrefix.count) }
        var fields: [Field] = request.lines.map { line in
            Field(
                name: request.bytes[line.line].prefix(line.nameCount).map(\.asciiLowercased),
                value: Array(request.bytes[request.valueRange(of: line)])
            )
        }
        // Behind the lines; empty where the target's stands there.
        fields.append(
            Field(name: Array("host".utf8), value: request.host.map { Array(request.bytes[$0]) } ?? [])
        )
        self.init(target: target, fields: fields, body: request.body)
    }
}

extension PreparedRequest.Content {
    /// Where the value of a line stands, blanks before it excluded.
    fileprivate func valueRange(of line: FieldLine) -> Range<Int> {
        var start = line.line.offset + line.nameCount
        while start < line.line.end, bytes[start] != 0x3A { start += 1 }
        start = min(start + 1, line.line.end)
        while start < line.line.end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        return start..<line.line.end
    }

    /// Takes over what has changed, and corrects the length.
    fileprivate mutating func take(_ draft: RequestDraft, pathPrefix: [UInt8]) {
        if draft.isTargetChanged {
            let hadPrefix = !pathPrefix.isEmpty && bytes[target].starts(with: pathPrefix)
            target = append((hadPrefix ? pathPrefix : []) + draft.target)
        }
        for index in lines.indices where draft.fields[index].isChanged {
            setValue(ofLine: index, draft.fields[index].value)
        }
        if let last = draft.fields.last, last.isChanged {
            host = append(last.value)
            omitsHost = false
        }
        guard draft.isBodyChanged else { return }
        body = draft.body
        for index in lines.indices where lines[index].known == .contentLength && bodyMode == .counted {
            setValue(ofLine: index, Array(String(body.count).utf8))
        }
    }

    private mutating func setValue(ofLine index: Int, _ value: [UInt8]) {
        let name = Array(bytes[lines[index].line].prefix(lines[index].nameCount))
        lines[index].line = append(name + [0x3A, 0x20] + value)
        lines[index].hasValue = !value.isEmpty
    }
}
