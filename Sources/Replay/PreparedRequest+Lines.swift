import Bytes
import Messages

extension PreparedRequest {
    mutating func append(_ run: some Collection<UInt8>) -> ByteRange {
        let start = bytes.count
        bytes.append(contentsOf: run)
        return ByteRange(start..<bytes.count)
    }

    /// Appends a field as it stood, the space around the colon included.
    mutating func appendLine(_ field: HeaderField, of head: Head, known: FieldName?) {
        guard !field.value.isEmpty else {
            appendLine(name: head.bytes[field.name], value: [], known: known)
            return
        }
        let line = append(head.bytes[field.name.offset..<field.value.end])
        lines.append(FieldLine(line: line, nameCount: field.name.count, hasValue: true, known: known))
    }

    mutating func appendLine(
        name: some Collection<UInt8>,
        value: [UInt8],
        known: FieldName? = nil
    ) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(0x3A)
        if !value.isEmpty {
            bytes.append(0x20)
            bytes.append(contentsOf: value)
        }
        let line = ByteRange(start..<bytes.count)
        lines.append(FieldLine(line: line, nameCount: name.count, hasValue: !value.isEmpty, known: known))
    }

    mutating func appendLine(_ line: [UInt8], nameCount: Int) {
        lines.append(FieldLine(line: append(line), nameCount: nameCount, hasValue: true, known: nil))
    }

    /// Takes over a trailer section, fields only, one to a line.
    mutating func appendTrailers(_ section: [UInt8]) {
        guard bodyMode == .chunked, !section.isEmpty else { return }
        for line in section.split(whereSeparator: { $0 == 0x0A }) {
            let content = line.last == 0x0D ? line.dropLast() : line
            guard let colon = content.firstIndex(of: 0x3A) else { continue }
            let hasValue = content[(colon + 1)...].contains { $0 != 0x20 && $0 != 0x09 }
            trailers.append(
                FieldLine(
                    line: append(content),
                    nameCount: colon - content.startIndex,
                    hasValue: hasValue,
                    known: nil
                )
            )
        }
    }

    /// Learns from a Connection field whether the connection lives on (RFC 9112, section 9.3).
    mutating func noteConnection(_ value: Span<UInt8>) {
        var start = 0
        for index in 0...value.count where index == value.count || value[index] == 0x2C {
            var token = start..<index
            while let first = token.first, value[first] == 0x20 || value[first] == 0x09 {
                token.removeFirst()
            }
            while let last = token.last, value[last] == 0x20 || value[last] == 0x09 { token.removeLast() }
            let option = value.extracting(token)
            if option.equalsIgnoringCase("close") {
                closesConnection = true
            } else if version == .http10, option.equalsIgnoringCase("keep-alive") {
                closesConnection = false
            }
            start = index + 1
        }
    }

    /// Whether no byte would break out of its line: libcurl ends strings at NUL and lets line breaks through.
    var isSendable: Bool {
        guard !method.isEmpty, !target.isEmpty else { return false }
        for byte in bytes where byte == 0 || byte == 0x0A || byte == 0x0D { return false }
        return true
    }
}
