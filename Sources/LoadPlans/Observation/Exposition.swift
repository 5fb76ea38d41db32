/// One sample of a page of metrics.
package struct MetricSample: Hashable, Sendable {
    /// The name with its labels in the order of their names, as in `requests_total{code="200",route="/"}`.
    package var name: String
    package var value: Double

    package init(name: String, value: Double) {
        self.name = name
        self.value = value
    }
}

/// A page of metrics in Prometheus' text format 0.0.4, or in OpenMetrics 1.0.
///
/// Lines that cannot be read are counted and passed over; a page is bounded in samples and in the length of their names.
package struct Exposition: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case counter
        case gauge
        case histogram
        case summary
        case untyped
    }

    /// Samples kept of one page.
    package static let limit = 20_000
    /// Bytes of a name with its labels.
    package static let nameLimit = 1_024

    package private(set) var samples: [MetricSample] = []
    /// By the name of the family.
    package private(set) var kinds: [String: Kind] = [:]
    /// Lines that are neither samples nor comments, or whose value is no number that could be drawn.
    package private(set) var unreadable = 0
    /// Those of them that are samples with an infinite value or none, as of a summary without observations.
    private var undrawable = 0
    /// Samples beyond ``limit``.
    package private(set) var dropped = 0

    /// Reads a page; O(n).
    package init(_ text: Span<UInt8>) {
        var start = 0
        while start < text.count {
            var end = start
            while end < text.count, text[end] != 0x0A { end += 1 }
            read(text.extracting(start..<end))
            start = end + 1
        }
    }

    private mutating func read(_ line: Span<UInt8>) {
        var cursor = LineCursor(line)
        cursor.skipBlanks()
        guard !cursor.isAtEnd else { return }
        if cursor.take(0x23) {
            readComment(&cursor)
            return
        }
        guard let (name, number) = cursor.sample(limit: Self.nameLimit) else {
            unreadable += 1
            return
        }
        guard let value = LineCursor.value(number) else {
            unreadable += 1
            if Self.words.contains(number.lowercased()) { undrawable += 1 }
            return
        }
        guard samples.count < Self.limit else {
            dropped += 1
            return
        }
        samples.append(MetricSample(name: name, value: value))
    }

    /// Values that are no numbers.
    private static let words: Set = ["nan", "+inf", "-inf", "inf", "+infinity", "-infinity", "infinity"]

    /// What of the page is not looked at, a few words each.
    package var losses: [String] {
        guard !samples.isEmpty || unreadable == undrawable else { return ["no page of metrics"] }
        var losses: [String] = []
        if unreadable > undrawable { losses.append("lines that are no samples") }
        if dropped > 0 { losses.append("samples beyond \(Self.limit)") }
        return losses
    }

    /// `# TYPE name kind`; other comments say nothing that is kept.
    private mutating func readComment(_ cursor: inout LineCursor) {
        cursor.skipBlanks()
        guard cursor.word() == "TYPE" else { return }
        cursor.skipBlanks()
        let name = cursor.word()
        cursor.skipBlanks()
        guard !name.isEmpty, name.utf8.count <= Self.nameLimit, kinds.count < Self.limit else { return }
        let kind = cursor.word()
        kinds[name] = Kind(rawValue: kind) ?? (kind == "gaugehistogram" ? .histogram : .untyped)
    }

    /// What kind a sample is of: those of a histogram or a summary have names of their own, and only grow.
    package func kind(of sample: MetricSample) -> Kind {
        let name = String(sample.name.prefix { $0 != "{" })
        if let kind = kinds[name] { return kind }
        for ending in ["_total", "_created"] where name.hasSuffix(ending) {
            if let kind = kinds[String(name.dropLast(ending.count))] { return kind }
        }
        for ending in ["_bucket", "_count", "_sum"] where name.hasSuffix(ending) {
            if kinds[String(name.dropLast(ending.count))] != nil { return .counter }
        }
        return name.hasSuffix("_total") ? .counter : .untyped
    }
}

/// Reads one line from left to right.
private struct LineCursor: ~Escapable {
    private let line: Span<UInt8>
    private var place = 0

    @_lifetime(copy line)
    init(_ line: Span<UInt8>) {
        self.line = line
    }

    var isAtEnd: Bool { place >= line.count || line[place] == 0x0D && place + 1 == line.count }

    mutating func skipBlanks() {
        while place < line.count, line[place] == 0x20 || line[place] == 0x09 { place += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard place < line.count, line[place] == byte else { return false }
        place += 1
        return true
    }

    /// Up to the next blank.
    mutating func word() -> String {
        let start = place
        while place < line.count, line[place] != 0x20, line[place] != 0x09, line[place] != 0x0D { place += 1 }
        return text(start..<place)
    }

    /// `name{label="value",…} value [timestamp]`, the value as it is spelled.
    mutating func sample(limit: Int) -> (name: String, value: String)? {
        guard var name = name(), name.utf8.count <= limit else { return nil }
        skipBlanks()
        if take(0x7B) {
            guard let labels = labels(limit: limit) else { return nil }
            if !labels.isEmpty { name += "{" + labels.joined(separator: ",") + "}" }
            guard name.utf8.count <= limit else { return nil }
        }
        skipBlanks()
        return (name, word())
    }

    private mutating func name() -> String? {
        let start = place
        while place < line.count, Self.isNameByte(line[place], isFirst: place == start) { place += 1 }
        return place > start ? text(start..<place) : nil
    }

    /// The labels sorted, each `name="value"` with the value as it was spelled.
    private mutating func labels(limit: Int) -> [String]? {
        var labels: [String] = []
        while true {
            skipBlanks()
            if take(0x7D) { return labels.sorted() }
            guard let name = name() else { return nil }
            skipBlanks()
            guard take(0x3D) else { return nil }
            skipBlanks()
            guard take(0x22) else { return nil }
            let start = place
            while place < line.count, line[place] != 0x22 { place += line[place] == 0x5C ? 2 : 1 }
            guard place < line.count, labels.count < 64 else { return nil }
            labels.append("\(name)=\"\(text(start..<place))\"")
            place += 1
            skipBlanks()
            if take(0x2C) { continue }
        }
    }

    private static func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F, 0x3A: true
        case 0x30...0x39: !isFirst
        default: false
        }
    }

    /// A number as Go spells it; infinities and NaN are none that could be drawn.
    static func value(_ word: String) -> Double? {
        guard let first = word.utf8.first, (0x30...0x39).contains(first) || "+-.".utf8.contains(first),
            let value = Double(word), value.isFinite
        else { return nil }
        return value
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: Array(line.extracting(range)), as: UTF8.self)
    }
}

extension Array where Element == UInt8 {
    fileprivate init(_ span: Span<UInt8>) {
        self = []
        reserveCapacity(span.count)
        for index in span.indices { append(span[index]) }
    }
}
