import Bytes

extension Anonymizer {
    /// Appends running text with what detectors find replaced, and with the URLs in it treated as targets, since what is
    /// percent-encoded in them and named by their parameters is out of the detectors' sight; false if nothing is.
    mutating func rewriteProse(_ text: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard var url = text.nextURL(from: 0) else { return rewriteText(text, to: &output) }
        var edit = ByteEdit()
        var start = 0
        while true {
            replaceProse(start..<url.lowerBound, of: text, isURL: false, &edit)
            replaceProse(url, of: text, isURL: true, &edit)
            start = url.upperBound
            guard let next = text.nextURL(from: start) else { break }
            url = next
        }
        replaceProse(start..<text.count, of: text, isURL: false, &edit)
        guard edit.isChanged else { return false }
        edit.finish(text)
        output.append(contentsOf: edit.output)
        return true
    }

    private mutating func replaceProse(
        _ range: Range<Int>,
        of text: Span<UInt8>,
        isURL: Bool,
        _ edit: inout ByteEdit
    ) {
        guard !range.isEmpty else { return }
        let part = text.extracting(range)
        var made: [UInt8] = []
        let isChanged = isURL ? rewriteTarget(part, to: &made) : rewriteText(part, to: &made)
        if isChanged { edit.replace(range, of: text, with: made.span) }
    }
}

extension Span where Element == UInt8 {
    /// The next run `scheme://…` up to a blank, a quote or an angle bracket.
    fileprivate func nextURL(from start: Int) -> Range<Int>? {
        var index = start
        while let colon = firstIndex(of: 0x3A, from: index) {
            index = colon &+ 1
            guard starts(with: "//", at: index) else { continue }
            var first = colon
            while first > start, colon &- first < 16, self[first &- 1].isASCIILetter { first &-= 1 }
            guard first < colon else { continue }
            var end = colon
            while end < count, self[end].canStandInURL { end &+= 1 }
            return first..<end
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var canStandInURL: Bool {
        self > 0x20 && self != 0x22 && self != 0x3C && self != 0x3E && self != 0x27 && self != 0x7F
    }
}
