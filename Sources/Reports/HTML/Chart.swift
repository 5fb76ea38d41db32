/// A drawing with two axes, one of a set of small ones that all have the same size.
///
/// It is put together from marks in the units of its own drawing. The table that it names holds the values that a
/// reader's pointer, or arrow keys, bring up: a row for each of the equal stretches of the horizontal axis.
struct Chart: Sendable {
    /// What a mark's colour stands for, and where its values stand.
    struct Key: Sendable {
        var name: String
        /// The class of its colour.
        var style: String
        /// The column of the table.
        var column: Int?
    }

    static let width = 420.0
    static let height = 196.0
    static let plot = (left: 50.0, right: 410.0, top: 10.0, bottom: 170.0)

    var id: String
    var title: String
    /// What is measured, and how.
    var unit: String
    /// What there is to see, for those who cannot.
    var description: String
    var horizontal: Scale
    var vertical: Scale
    var horizontalTicks: [(value: Double, label: String)]
    var verticalTicks: [(value: Double, label: String)]
    var keys: [Key] = []
    /// The `id` of the table of values.
    var table: String?
    var marks: [Markup] = []

    static func horizontal(_ kind: Scale.Kind, _ domain: ClosedRange<Double>) -> Scale {
        Scale(kind, domain, from: plot.left, to: plot.right)
    }

    static func vertical(_ kind: Scale.Kind, _ domain: ClosedRange<Double>) -> Scale {
        Scale(kind, domain, from: plot.bottom, to: plot.top)
    }

    var markup: Markup {
        let columns = keys.compactMap { $0.column.map { "\($0)" } }.joined(separator: " ")
        let source: Markup = table.map { " data-table=\"\($0)\" data-columns=\"\(columns)\"" } ?? ""
        let focus: Markup = table == nil ? "" : " tabindex=\"0\""
        let cursor: Markup = table == nil ? "" : Self.cursor
        return """
            <figure class="chart" id="\(id)"\(source)>
            <figcaption><h3 id="\(id)-title">\(title)</h3> <span class="unit">\(unit)</span>\(legend)</figcaption>
            <svg viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-labelledby="\(id)-title" \
            aria-describedby="\(id)-text"\(focus)>
            <desc id="\(id)-text">\(description)</desc>
            \(axes)\(marks)
            \(cursor)</svg>
            </figure>

            """
    }

    private static let cursor: Markup = """
        <line class="cursor" x1="0" x2="0" y1="\(plot.top)" y2="\(plot.bottom)" visibility="hidden"/>
        """

    private var legend: Markup {
        guard !keys.isEmpty else { return "" }
        let items = keys.map { key -> Markup in
            let value: Markup =
                if let column = key.column { " <b data-column=\"\(column)\"></b>" } else { "" }
            return "<li><i class=\"swatch \(key.style)\"></i>\(key.name)\(value)</li>"
        }
        let moment: Markup = table == nil ? "" : "<li class=\"moment\"></li>"
        return "<ul class=\"legend\">\(items)\(moment)</ul>"
    }

    private var axes: Markup {
        let lines = verticalTicks.map { tick -> Markup in
            let y = vertical.place(tick.value)
            return """
                <path class="grid" d="M\(Self.plot.left) \(y)H\(Self.plot.right)"/>\
                <text class="tick end" x="\(Self.plot.left - 6)" y="\(y + 4)">\(tick.label)</text>
                """
        }
        let feet = horizontalTicks.map { tick -> Markup in
            let x = horizontal.place(tick.value)
            return """
                <path class="foot" d="M\(x) \(Self.plot.bottom)v4"/>\
                <text class="tick middle" x="\(min(x, Self.width - 16))" y="\(Self.plot.bottom + 18)">\(tick.label)</text>
                """
        }
        return """
            \(lines)\(feet)\
            <path class="axis" d="M\(Self.plot.left) \(Self.plot.bottom)H\(Self.plot.right)"/>
            """
    }
}

extension Chart {
    /// A line through the values that there are, which cover the axis up to `end`, or the whole of it; one that stands alone
    /// is a dot.
    mutating func addLine(_ values: [Double?], upTo end: Double? = nil, style: String) {
        let span = (end ?? horizontal.domain.upperBound) / Double(max(values.count, 1))
        var path: Markup = ""
        var isOpen = false
        for (index, value) in values.enumerated() {
            guard let value else {
                isOpen = false
                continue
            }
            let x = horizontal.place((Double(index) + 0.5) * span)
            let y = vertical.place(value)
            // A stroke of no length has round ends, which make it a dot.
            path += isOpen ? "L\(x) \(y)" : "M\(x) \(y)h0"
            isOpen = true
        }
        if !path.isEmpty { marks.append("<path class=\"line \(style)\" d=\"\(path)\"/>") }
    }

    /// The ground under a line.
    mutating func addArea(_ values: [Double?], style: String) {
        var path: Markup = ""
        let width = (Self.plot.right - Self.plot.left) / Double(max(values.count, 1))
        for (index, value) in values.enumerated() {
            guard let value, value > 0 else { continue }
            let x = Self.plot.left + Double(index) * width
            path += "M\(x) \(Self.plot.bottom)V\(vertical.place(value))h\(width)V\(Self.plot.bottom)z"
        }
        if !path.isEmpty { marks.append("<path class=\"area \(style)\" d=\"\(path)\"/>") }
    }

    /// Bars on top of each other, a colour for each layer; the first layer stands at the bottom.
    mutating func addStack(_ layers: [(style: String, values: [Double])]) {
        guard let count = layers.first?.values.count, count > 0 else { return }
        var heights = [Double](repeating: 0, count: count)
        let width = (Self.plot.right - Self.plot.left) / Double(count)
        for layer in layers {
            var path: Markup = ""
            for (index, value) in layer.values.enumerated() where value > 0 {
                let low = vertical.place(heights[index])
                heights[index] += value
                // What is there is seen, however little it is.
                let high = min(vertical.place(heights[index]), low - 0.7)
                let x = Self.plot.left + Double(index) * width
                path += "M\(x) \(low)V\(high)h\(max(width - 0.4, 0.6))V\(low)z"
            }
            if !path.isEmpty { marks.append("<path class=\"bar \(layer.style)\" d=\"\(path)\"/>") }
        }
    }
}
