import Bytes
import CCurl
import Replay

/// A list of header lines in the form libcurl reads, in memory that is used again for the next request.
///
/// libcurl only reads the list, so the nodes need not be its own: no allocation per line and request.
struct FieldList: ~Copyable {
    private var text: UnsafeMutablePointer<CChar>
    private var textCapacity: Int
    private var textCount = 0
    private var nodes: UnsafeMutablePointer<curl_slist>
    private var nodeCapacity: Int
    private var offsets: [Int] = []

    init() {
        textCapacity = 1_024
        text = .allocate(capacity: textCapacity)
        nodeCapacity = 32
        nodes = .allocate(capacity: nodeCapacity)
    }

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// Fills the list with the fields of a request, and switches off what libcurl would add by itself.
    mutating func fill(_ request: borrowing PreparedRequest) {
        removeAll()
        if let host = request.host {
            append("Host: ")
            append(request.bytes, host)
            endLine()
        } else if request.omitsHost {
            appendLine("Host:")
        }
        let offersHTTP2 = request.offersHTTP2
        for field in request.lines where !offersHTTP2 || !isUpgradeSetting(field, of: request.bytes) {
            append(field, of: request.bytes)
        }
        // "Name:" without a value removes libcurl's own.
        if !request.has(.accept) { appendLine("Accept:") }
        if request.bodyMode != .none {
            if !request.has(.contentType) { appendLine("Content-Type:") }
            if !request.has(.expect) { appendLine("Expect:") }
        }
    }

    /// Whether a field belongs to a change to HTTP/2 that the connection makes without it; libcurl takes care of the other
    /// fields of a connection (RFC 9113, section 8.2.2).
    private func isUpgradeSetting(_ field: FieldLine, of bytes: [UInt8]) -> Bool {
        field.nameCount == 14
            && bytes.span.extracting(field.line.offset..<field.line.offset + 14).equalsIgnoringCase(
                "http2-settings"
            )
    }

    /// Fills the list with trailer lines.
    mutating func fillTrailers(_ request: borrowing PreparedRequest) {
        removeAll()
        for field in request.trailers { append(field, of: request.bytes) }
    }

    /// The first node, or `nil` for an empty list; valid until the list is filled again.
    mutating func list() -> UnsafeMutablePointer<curl_slist>? {
        guard !offsets.isEmpty else { return nil }
        if offsets.count > nodeCapacity {
            nodes.deallocate()
            nodeCapacity = offsets.count * 2
            nodes = .allocate(capacity: nodeCapacity)
        }
        for (index, offset) in offsets.enumerated() {
            let next = index + 1 < offsets.count ? nodes + index + 1 : nil
            (nodes + index).initialize(to: curl_slist(data: text + offset, next: next))
        }
        return nodes
    }

    private mutating func removeAll() {
        textCount = 0
        offsets.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ field: FieldLine, of bytes: [UInt8]) {
        beginLine()
        if field.hasValue {
            put(bytes, field.line)
        } else {
            // "Name;" sends the name with an empty value.
            put(bytes, ByteRange(offset: field.line.offset, count: field.nameCount))
            put(0x3B)
        }
        put(0)
    }

    private mutating func append(_ start: StaticString) {
        beginLine()
        put(start)
    }

    private mutating func append(_ bytes: [UInt8], _ range: ByteRange) { put(bytes, range) }

    private mutating func endLine() { put(0) }

    private mutating func appendLine(_ line: StaticString) {
        beginLine()
        put(line)
        put(0)
    }

    private mutating func beginLine() { offsets.append(textCount) }

    private mutating func put(_ byte: UInt8) {
        reserve(1)
        text[textCount] = CChar(bitPattern: byte)
        textCount += 1
    }

    private mutating func put(_ line: StaticString) {
        reserve(line.utf8CodeUnitCount)
        UnsafeMutableRawPointer(text + textCount).copyMemory(
            from: line.utf8Start,
            byteCount: line.utf8CodeUnitCount
        )
        textCount += line.utf8CodeUnitCount
    }

    private mutating func put(_ bytes: [UInt8], _ range: ByteRange) {
        reserve(range.count)
        let target = UnsafeMutableRawPointer(text + textCount)
        bytes.withUnsafeBytes { source in
            guard let base = source.baseAddress, !range.isEmpty else { return }
            target.copyMemory(from: base + range.offset, byteCount: range.count)
        }
        textCount += range.count
    }

    private mutating func reserve(_ count: Int) {
        guard textCount + count > textCapacity else { return }
        let capacity = max(textCapacity * 2, textCount + count)
        let larger = UnsafeMutablePointer<CChar>.allocate(capacity: capacity)
        larger.update(from: text, count: textCount)
        text.deallocate()
        text = larger
        textCapacity = capacity
    }
}
