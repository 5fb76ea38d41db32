/// Bytes of a head as text: UTF-8 where they are that, Latin-1 where they are not.
package struct WireText {
    package var text: String
    /// Whether the bytes were not UTF-8.
    package var isLatin1: Bool

    package init(_ bytes: some Collection<UInt8>) {
        if let text = String(validating: bytes, as: UTF8.self) {
            self.text = text
            isLatin1 = false
        } else {
            text = ""
            text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
            isLatin1 = true
        }
    }

    /// A field value with each obsolete line folding read as one blank (RFC 9112, section 5.2).
    package init(unfolding bytes: ArraySlice<UInt8>) {
        guard bytes.contains(0x0A) else {
            self.init(bytes)
            return
        }
        var value: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == 0x0A else {
                value.append(byte)
                continue
            }
            while let last = value.last, last == 0x0D || last == 0x20 || last == 0x09 { value.removeLast() }
            while index < bytes.endIndex, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
            value.append(0x20)
        }
        self.init(value)
    }
}
