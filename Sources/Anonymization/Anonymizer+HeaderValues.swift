import Bytes

extension Anonymizer {
    /// Appends `Link` (RFC 8288, section 3): what stands between angle brackets is a URL, the rest running text.
    mutating func rewriteLinks(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var edit = ByteEdit()
        var start = 0
        while let open = value.firstIndex(of: 0x3C, from: start) {
            let close = value.firstIndex(of: 0x3E, from: open) ?? value.count
            replaceText(start..<open, of: value, &edit)
            replaceURL(open &+ 1..<close, of: value, &edit)
            start = close
        }
        replaceText(start..<value.count, of: value, &edit)
        return append(edit, of: value, to: &output)
    }

    /// Appends `Refresh`: seconds and, behind `url=`, a URL in quotes or not (HTML standard, section 4.2.5.3).
    mutating func rewriteRefresh(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let equals = value.firstIndex(of: 0x3D) else { return rewrite(value, nil, to: &output) }
        var first = equals &+ 1
        while first < value.count, value[first].isBlankOrQuote { first &+= 1 }
        var end = value.count
        while end > first, value[end &- 1].isBlankOrQuote { end &-= 1 }
        var edit = ByteEdit()
        replaceURL(first..<end, of: value, &edit)
        return append(edit, of: value, to: &output)
    }

    /// Appends `Content-Disposition` (RFC 6266; RFC 7578, section 4.2): the names of a file and of a field are looked at
    /// by detectors, however they are written, and each without the extension, which would hide the end of a number.
    mutating func rewriteDisposition(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var edit = ByteEdit()
        for parameter in value.parameters {
            var range = parameter.value
            let name = value.extracting(parameter.name)
            let isExtended = name.last == 0x2A
            if isExtended {
                // RFC 8187: a charset and a language between apostrophes come first.
                var marks = 0
                var index = range.lowerBound
                while index < range.upperBound, marks < 2 {
                    if value[index] == 0x27 { marks &+= 1 }
                    index &+= 1
                }
                if marks == 2 { range = index..<range.upperBound }
            }
            if let dot = value.extracting(range).lastIndex(of: 0x2E), dot > 0 {
                let stem = range.lowerBound..<range.lowerBound &+ dot
                if range.upperBound &- stem.upperBound <= Self.longestExtension { range = stem }
            }
            replaceText(range, of: value, &edit)
        }
        return append(edit, of: value, to: &output)
    }

    /// With its dot; what is longer is more than an extension.
    private static var longestExtension: Int { 6 }

    private mutating func replaceURL(_ range: Range<Int>, of value: Span<UInt8>, _ edit: inout ByteEdit) {
        guard !range.isEmpty else { return }
        var made: [UInt8] = []
        if rewriteTarget(value.extracting(range), to: &made) {
            edit.replace(range, of: value, with: made.span)
        }
    }

    private mutating func replaceText(_ range: Range<Int>, of value: Span<UInt8>, _ edit: inout ByteEdit) {
        guard !range.isEmpty else { return }
        var made: [UInt8] = []
        if rewriteEscaped(value.extracting(range), to: &made) {
            edit.replace(range, of: value, with: made.span)
        }
    }

    private func append(_ edit: consuming ByteEdit, of value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard edit.isChanged else { return false }
        edit.finish(value)
        output.append(contentsOf: edit.output)
        return true
    }
}

/// A parameter of a header value, `;name=value`.
struct HeaderParameter {
    var name: Range<Int>
    /// Without quotes around it.
    var value: Range<Int>
}

extension Span where Element == UInt8 {
    var last: UInt8? { isEmpty ? nil : self[count &- 1] }

    /// The parameters behind the first `;` of a header value (RFC 9110, section 5.6.6).
    var parameters: [HeaderParameter] {
        var found: [HeaderParameter] = []
        var index = firstIndex(of: 0x3B) ?? count
        while index < count {
            index &+= 1
            while index < count, self[index] == 0x20 || self[index] == 0x09 || self[index] == 0x3B {
                index &+= 1
            }
            let name = index
            while index < count, self[index] != 0x3D, self[index] != 0x3B { index &+= 1 }
            guard index < count, self[index] == 0x3D else { continue }
            let equals = index
            index &+= 1
            while index < count, self[index] == 0x20 { index &+= 1 }
            var value = index..<index
            if index < count, self[index] == 0x22 {
                let first = index &+ 1
                index = first
                while index < count, self[index] != 0x22 { index &+= self[index] == 0x5C ? 2 : 1 }
                value = Swift.min(first, count)..<Swift.min(index, count)
                index = firstIndex(of: 0x3B, from: Swift.min(index, count)) ?? count
            } else {
                let first = index
                while index < count, self[index] != 0x3B { index &+= 1 }
                var end = index
                while end > first, self[end &- 1] == 0x20 { end &-= 1 }
                value = first..<end
            }
            found.append(HeaderParameter(name: name..<equals, value: value))
        }
        return found
    }

    /// The value of a parameter behind a `;`, without quotes and backslashes.
    func parameter(_ name: StaticString) -> [UInt8]? {
        guard firstIndex(of: 0x3B) != nil else { return nil }
        for parameter in parameters where extracting(parameter.name).equalsIgnoringCase(name) {
            let value = extracting(parameter.value)
            guard value.firstIndex(of: 0x5C) != nil else { return Array(value) }
            var text: [UInt8] = []
            var index = 0
            while index < value.count {
                if value[index] == 0x5C, index &+ 1 < value.count { index &+= 1 }
                text.append(value[index])
                index &+= 1
            }
            return text
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var isBlankOrQuote: Bool { self == 0x20 || self == 0x22 || self == 0x27 }
}
