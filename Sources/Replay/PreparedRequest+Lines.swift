package import Bytes
import Messages

extension PreparedRequest {
    /// Appends bytes that no line holds yet, and answers where they stand.
    package mutating func append(_ run: some Collection<UInt8>) -> ByteRange {
        withContent { $0.append(run) }
    }
}

extension PreparedRequest.Content {
    /// Appends bytes that no line holds yet, and answers where they stand.
    package mutating func append(_ run: some Collection<UInt8>) -> ByteRange {
        let start = bytes.count
        bytes.append(contentsOf: run)
        return ByteRange(start..<bytes.count)
    }

    /// Appends a field as it stood, the space around the colon included.
    mutating func appendLine(_ field: HeaderField, of head: borrowing Head, known: FieldName?) {
        guard !field.value.isEmpty else {
            appendLine(name: head.bytes.span.extracting(field.name.bounds), known: known) { _ in }
            return
        }
        let start = bytes.count
        bytes.append(contentsOf: head.bytes.span.extracting(field.name.offset..<field.value.end))
        endLine(from: start, nameCount: field.name.count, hasValue: true, known: known)
    }

    /// Appends a field whose value `appendValue` appends.
    mutating func appendLine(
        name: Span<UInt8>,
        known: FieldName? = nil,
        _ appendValue: (inout [UInt8]) -> Void
    ) {
        let start = bytes.count
        bytes.append(contentsOf: name)
        bytes.append(": ")
        let valueStart = bytes.count
        appendValue(&bytes)
        let hasValue = bytes.count > valueStart
        if !hasValue { bytes.removeLast() }
        endLine(from: start, nameCount: name.count, hasValue: hasValue, known: known)
    }

    /// Makes a line of the bytes from `start` on, and ends it as on the wire.
    mutating func endLine(from start: Int, nameCount: Int, hasValue: Bool, known: FieldName? = nil) {
        let line = ByteRange(start..<bytes.count)
        lines.append(FieldLine(line: line, nameCount: nameCount, hasValue: hasValue, known: known))
        bytes.append("\r\n")
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

    /// Whether no byte of a line would break out of it: libcurl ends strings at NUL and lets line breaks through.
    var isSendable: Bool {
        guard !method.isEmpty, !target.isEmpty else { return false }
        var runs = lines.map(\.line) + trailers.map(\.line) + [method, target]
        if let host { runs.append(host) }
        return runs.allSatisfy { run in
            !bytes[run].contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
        }
    }
}
