import Bytes

extension Anonymizer {
    /// Appends comma-separated values (RFC 4180) with those replaced that the names in the first line or detectors
    /// point at; false if nothing is. The first line itself is looked at by detectors alone; it shows whether values
    /// stand between commas, semicolons or tabs.
    mutating func rewriteTable(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var edit = ByteEdit()
        var treatments: [Treatment?] = []
        let separator = source.separatorOfCells
        var row = 0
        var column = 0
        var start = 0
        while start < source.count {
            let end = source.endOfCell(from: start, separator)
            let cell = source.unquoted(start..<end)
            if row == 0 {
                treatments.append(use(ofField: source.extracting(cell), under: .empty, in: .csv).treatment)
                if treatments.last??.action == .drop {
                    edit.remove(start..<end, of: source, separator: 0x2C)
                } else {
                    replaceCell(cell, of: source, nil, &edit)
                }
            } else {
                if isInspecting { place.enter(.body) }
                let treatment = column < treatments.count ? treatments[column] : nil
                if let treatment, treatment.action == .drop {
                    if !cell.isEmpty { noteDropped(treatment) }
                    if !isInspecting { edit.remove(start..<end, of: source, separator: 0x2C) }
                } else {
                    replaceCell(cell, of: source, treatment ?? rules.otherStrings, &edit)
                }
            }
            let isLast = end == source.count || source[end] != separator
            row &+= isLast ? 1 : 0
            column = isLast ? 0 : column &+ 1
            start = end &+ (end &+ 1 < source.count && source[end] == 0x0D ? 2 : 1)
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    private mutating func replaceCell(
        _ cell: Range<Int>,
        of source: Span<UInt8>,
        _ treatment: Treatment?,
        _ edit: inout ByteEdit
    ) {
        var value: [UInt8] = []
        let written = source.extracting(cell)
        guard written.firstIndex(of: 0x22) != nil else {
            // Pseudonyms hold no quotes and commas that were not there before.
            if rewrite(written, treatment, to: &value) { edit.replace(cell, of: source, with: value.span) }
            return
        }
        // Quotes within quotes stand twice.
        var text: [UInt8] = []
        var index = 0
        while index < written.count {
            text.append(written[index])
            index &+= written[index] == 0x22 && written.byte(index &+ 1) == 0x22 ? 2 : 1
        }
        guard rewrite(text.span, treatment, to: &value) else { return }
        var spelling: [UInt8] = []
        for byte in value {
            if byte == 0x22 { spelling.append(byte) }
            spelling.append(byte)
        }
        edit.replace(cell, of: source, with: spelling.span)
    }
}

extension Span where Element == UInt8 {
    /// What stands between cells: the one of comma, semicolon and tab that comes first in the first line.
    fileprivate var separatorOfCells: UInt8 {
        var isQuoted = false
        for index in indices {
            switch self[index] {
            case 0x22: isQuoted.toggle()
            case 0x2C, 0x3B, 0x09: if !isQuoted { return self[index] }
            case 0x0A: return 0x2C
            default: break
            }
        }
        return 0x2C
    }

    /// Where the separator or line end stands after the cell that starts at `start`.
    fileprivate func endOfCell(from start: Int, _ separator: UInt8) -> Int {
        var index = start
        var isQuoted = false
        while index < count {
            switch self[index] {
            case 0x22: isQuoted.toggle()
            case separator, 0x0A: if !isQuoted { return index }
            case 0x0D: if !isQuoted, byte(index &+ 1) == 0x0A { return index }
            default: break
            }
            index &+= 1
        }
        return index
    }

    /// A cell without blanks and quotes around it.
    fileprivate func unquoted(_ cell: Range<Int>) -> Range<Int> {
        var lower = cell.lowerBound
        var upper = cell.upperBound
        while lower < upper, self[lower] == 0x20 || self[lower] == 0x22 { lower &+= 1 }
        while upper > lower, self[upper &- 1] == 0x20 || self[upper &- 1] == 0x22 { upper &-= 1 }
        return lower..<upper
    }
}
