import Bytes

/// The data of server-sent events in a body (HTML standard, section 9.2).
enum EventData {
    /// Events beyond these are not looked at.
    static let maximumEvents = 10_000

    /// Calls `body` with the data of each event, its lines joined, until it answers `false`; O(n).
    static func forEach(_ stream: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) {
        var data: [UInt8] = []
        var hasData = false
        var events = 0
        var index = 0
        while index <= stream.count {
            let end = stream.firstIndex(of: 0x0A, from: index) ?? stream.count
            var line = stream.extracting(index..<end)
            if let last = line.indices.last, line[last] == 0x0D { line = line.extracting(0..<last) }
            index = end + 1
            if line.startsIgnoringCase(with: "data:") {
                let start = line.count > 5 && line[5] == 0x20 ? 6 : 5
                if hasData { data.append(0x0A) }
                data.append(contentsOf: line.extracting(start..<line.count))
                hasData = true
            } else if line.isEmpty, hasData {
                events += 1
                guard events <= maximumEvents, body(data.span) else { return }
                data.removeAll(keepingCapacity: true)
                hasData = false
            }
        }
        if hasData { _ = body(data.span) }
    }
}
