/// Writes the frames of one direction of an HTTP/2 connection, for tests.
///
/// Fields go into the dynamic table unless `isPlain`, and are pointed at from then on.
struct FrameWriter {
    var bytes: [UInt8] = []
    /// Fields are written as literals that no table keeps.
    var isPlain = false
    private var table: [(String, String)] = []

    /// Entries of the static table that are used here, by index (RFC 7541, appendix A).
    private static let known: [(index: UInt8, name: String, value: String)] = [
        (2, ":method", "GET"), (3, ":method", "POST"), (4, ":path", "/"), (6, ":scheme", "http"),
        (8, ":status", "200"),
    ]

    init(preface: Bool) {
        if preface { bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) }
        frame(4, payload: [0, 3, 0, 0, 0, 100])
    }

    /// Begins nowhere: the table of the other writer goes on.
    init(continuing other: FrameWriter) {
        self = other
        bytes = []
    }

    mutating func frame(_ type: UInt8, _ flags: UInt8 = 0, _ stream: UInt32 = 0, payload: [UInt8] = []) {
        bytes += [
            UInt8(payload.count >> 16 & 0xFF), UInt8(payload.count >> 8 & 0xFF), UInt8(payload.count & 0xFF),
        ]
        bytes += [type, flags]
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: stream >> shift)) }
        bytes += payload
    }

    /// HEADERS, in as many frames as `parts` says.
    mutating func headers(
        _ stream: UInt32,
        _ fields: [(String, String)],
        ends: Bool = false,
        padding: UInt8 = 0,
        priority: Bool = false,
        parts: Int = 1
    ) {
        let block = encode(fields)
        let cut = block.count / parts
        var flags: UInt8 =
            (ends ? 1 : 0) | (parts == 1 ? 4 : 0) | (padding > 0 ? 8 : 0) | (priority ? 0x20 : 0)
        var payload: [UInt8] = padding > 0 ? [padding] : []
        if priority { payload += [0, 0, 0, 0, 15] }
        payload += parts == 1 ? block : Array(block[..<cut])
        payload += [UInt8](repeating: 0, count: Int(padding))
        frame(1, flags, stream, payload: payload)
        for part in 1..<max(2, parts) where parts > 1 {
            let isLast = part == parts - 1
            flags = isLast ? 4 : 0
            frame(
                9,
                flags,
                stream,
                payload: Array(block[(cut * part)..<(isLast ? block.count : cut * (part + 1))])
            )
        }
    }

    mutating func promise(_ stream: UInt32, _ promised: UInt32, _ fields: [(String, String)]) {
        let id = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: promised >> UInt32($0)) }
        frame(5, 4, stream, payload: id + encode(fields))
    }

    mutating func data(_ stream: UInt32, _ text: String, ends: Bool = false, padding: UInt8 = 0) {
        let front: [UInt8] = padding > 0 ? [padding] : []
        let payload = front + Array(text.utf8) + [UInt8](repeating: 0, count: Int(padding))
        frame(0, (ends ? 1 : 0) | (padding > 0 ? 8 : 0), stream, payload: payload)
    }

    mutating func request(_ stream: UInt32, _ path: String, body: String? = nil) {
        let fields = [
            (":method", body == nil ? "GET" : "POST"), (":scheme", "http"), (":authority", "a"),
            (":path", path),
        ]
        headers(stream, fields, ends: body == nil)
        if let body { data(stream, body, ends: true) }
    }

    mutating func response(_ stream: UInt32, _ status: String, body: String? = nil) {
        headers(stream, [(":status", status), ("server", "t")], ends: body == nil)
        if let body { data(stream, body, ends: true) }
    }

    private mutating func encode(_ fields: [(String, String)]) -> [UInt8] {
        var block: [UInt8] = []
        for (name, value) in fields {
            if let entry = Self.known.first(where: { $0.name == name && $0.value == value }) {
                block.append(0x80 | entry.index)
            } else if !isPlain, let index = table.firstIndex(where: { $0 == (name, value) }), index < 60 {
                block.append(0x80 | UInt8(62 + index))
            } else {
                block.append(isPlain ? 0x00 : 0x40)
                for text in [name, value] { block += [UInt8(text.utf8.count)] + Array(text.utf8) }
                if !isPlain { table.insert((name, value), at: 0) }
            }
        }
        return block
    }
}
