extension SeriesTable {
    /// Reads what ``openMetrics()`` has written: every sample with its time. Lines that are no such samples are passed over.
    package init(openMetrics text: String) {
        self.init()
        var looks: [Int64: [MetricSample]] = [:]
        for line in text.split(whereSeparator: \.isNewline) where line.first != "#" {
            guard let (sample, time) = Self.sample(line) else { continue }
            guard looks[time] != nil || looks.count < Self.columnLimit else { continue }
            looks[time, default: []].append(sample)
        }
        for (time, samples) in looks.sorted(by: { $0.key < $1.key }) { append(samples, at: time) }
    }

    /// `name{labels} value seconds.milliseconds`; a label may hold blanks.
    private static func sample(_ line: Substring) -> (MetricSample, time: Int64)? {
        guard let second = line.lastIndex(of: " ") else { return nil }
        let front = line[..<second]
        guard let first = front.lastIndex(of: " "), first > front.startIndex,
            let value = Double(front[front.index(after: first)...]), value.isFinite
        else { return nil }
        let moment = line[line.index(after: second)...].split(
            separator: ".",
            omittingEmptySubsequences: false
        )
        guard moment.count == 2, moment[1].utf8.count == 3, let seconds = Int64(moment[0]),
            let milliseconds = Int64(moment[1]), (0..<9_000_000_000).contains(seconds)
        else { return nil }
        return (
            MetricSample(name: String(front[..<first]), value: value),
            seconds * 1_000_000_000 + milliseconds * 1_000_000
        )
    }
}
