/// A table of a page: with a caption and headings for those who hear it, and sorted by a click where it says so.
struct PageTable: Sendable {
    enum Alignment: Sendable {
        case text, number
    }

    struct Column: Sendable {
        var title: String
        var alignment: Alignment

        init(_ title: String, _ alignment: Alignment = .text) {
            self.title = title
            self.alignment = alignment
        }
    }

    struct Cell: Sendable {
        var content: Markup
        /// What is sorted by instead of the text.
        var order: Double?
        var style: String?

        init(_ content: Markup, order: Double? = nil, style: String? = nil) {
            self.content = content
            self.order = order
            self.style = style
        }

        static func count(_ value: some BinaryInteger) -> Cell {
            Cell("\(Quantity.count(value))", order: Double(value))
        }

        static func microseconds(_ value: UInt64?) -> Cell {
            guard let value else { return Cell("–", order: -1) }
            return Cell("\(Quantity.duration(microseconds: Int64(clamping: value)))", order: Double(value))
        }

        static func bytes(_ value: UInt64?) -> Cell {
            guard let value else { return Cell("–", order: -1) }
            return Cell("\(Quantity.bytes(value))", order: Double(value))
        }
    }

    var id: String
    var caption: String
    var columns: [Column]
    var rows: [[Cell]] = []
    /// Rows can be put in another order.
    var isSortable = false
    /// What the field asks for by which rows are chosen; `nil` for none.
    var filter: String?
    /// Shown below: what is not in the table.
    var note: String?

    init(id: String, caption: String, columns: [Column]) {
        self.id = id
        self.caption = caption
        self.columns = columns
    }

    /// Tables of as many columns, or letters in their headings, are set smaller and their headings broken, so that they fit
    /// into a page of 1,280 pixels.
    private static let wideColumns = 12
    private static let wideHeadings = 110

    private var isWide: Bool {
        columns.count >= Self.wideColumns || columns.reduce(0) { $0 + $1.title.count } >= Self.wideHeadings
    }

    var markup: Markup {
        guard !rows.isEmpty else { return "" }
        let head = columns.map { column -> Markup in
            let style: Markup = column.alignment == .number ? " class=\"number\"" : ""
            guard isSortable, !column.title.isEmpty else {
                return "<th scope=\"col\"\(style)>\(column.title)</th>"
            }
            return """
                <th scope="col"\(style) aria-sort="none"><button type="button">\(column.title)</button></th>
                """
        }
        let field: Markup =
            filter.map { label in
                """
                <p class="filter" hidden="hidden"><label>\(label) <input type="search" data-filter="\(id)" \
                autocomplete="off" spellcheck="false"/></label> <output></output></p>

                """
            } ?? ""
        let note: Markup = note.map { "<p class=\"note\">\($0)</p>\n" } ?? ""
        let width: Markup = isWide ? " wide" : ""
        return """
            \(field)<div class="scroll"><table id="\(id)" class="\(isSortable ? "sortable" : "plain")\(width)">
            <caption>\(caption)</caption>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(rows.map(row))</tbody>
            </table></div>
            \(note)
            """
    }

    private func row(_ cells: [Cell]) -> Markup {
        precondition(cells.count == columns.count, "a row has a cell for each column")
        let contents = zip(cells, columns).map { cell, column -> Markup in
            var styles = column.alignment == .number ? ["number"] : []
            if let style = cell.style { styles.append(style) }
            let style: Markup = styles.isEmpty ? "" : " class=\"\(styles.joined(separator: " "))\""
            let order: Markup =
                isSortable ? cell.order.map { " data-order=\"\($0.description)\"" } ?? "" : ""
            return "<td\(style)\(order)>\(cell.content)</td>"
        }
        return "<tr>\(contents)</tr>\n"
    }
}
