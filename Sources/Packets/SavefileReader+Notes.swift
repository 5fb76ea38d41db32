import Bytes

// Blocks and options that are about packets rather than packets (pcapng draft, sections 3.5 and 4).
extension SavefileReader {
    /// Whether a block of this type is looked into, although it gives no packet.
    static func hasNotes(_ type: UInt32) -> Bool {
        switch type {
        case BlockType.nameResolution, BlockType.interfaceStatistics, BlockType.decryptionSecrets: true
        default: false
        }
    }

    /// Takes the notes of a block; what does not fit its form is passed over, since nothing depends on it.
    mutating func takeNotes(_ type: UInt32, _ order: ByteOrder, _ window: Span<UInt8>, _ body: Range<Int>) {
        switch type {
        case BlockType.nameResolution: takeNames(order, window, body)
        case BlockType.interfaceStatistics: takeStatistics(order, window, body)
        case BlockType.decryptionSecrets: takeSecrets(order, window, body)
        default: break
        }
    }

    /// Calls `body` for each option with its code and the range of its value.
    private func forEachOption(
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        in bounds: Range<Int>,
        _ body: (UInt16, Range<Int>) -> Void
    ) {
        var cursor = bounds.lowerBound
        while cursor + 4 <= bounds.upperBound {
            let code = order.load(UInt16.self, window, at: cursor)
            let length = Int(order.load(UInt16.self, window, at: cursor + 2))
            guard code != 0, cursor + 4 + length <= bounds.upperBound else { return }
            body(code, cursor + 4..<cursor + 4 + length)
            cursor += 4 + (length + 3) & ~3
        }
    }

    /// Takes the comments among options.
    mutating func takeComments(
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        in bounds: Range<Int>,
        on subject: SavefileNotes.Comment.Subject
    ) {
        guard bounds.count > 4 else { return }
        var found: [[UInt8]] = []
        forEachOption(order, window, in: bounds) { code, value in
            guard code == NoteOption.comment else { return }
            var text: [UInt8] = []
            text.append(contentsOf: window.extracting(value))
            found.append(text)
        }
        for text in found {
            notes.add(SavefileNotes.Comment(subject: subject, text: text), limit: limits.noteBytes)
        }
    }

    /// Takes what the options of a packet say: comments, and how many packets were lost before it.
    mutating func takePacketOptions(
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        in bounds: Range<Int>,
        of interface: Int
    ) {
        var drops: UInt64 = 0
        forEachOption(order, window, in: bounds) { code, value in
            if code == NoteOption.dropCount, value.count == 8 {
                drops = order.load(UInt64.self, window, at: value.lowerBound)
            }
        }
        notes.noteDrops(drops, beforePacketOf: interface)
        takeComments(order, window, in: bounds, on: .packet(counts.packets &+ 1))
    }

    /// Records of a type and a length: an address, then names that each end in a zero byte.
    private mutating func takeNames(_ order: ByteOrder, _ window: Span<UInt8>, _ body: Range<Int>) {
        var cursor = body.lowerBound
        while cursor + 4 <= body.upperBound {
            let type = order.load(UInt16.self, window, at: cursor)
            let length = Int(order.load(UInt16.self, window, at: cursor + 2))
            cursor += 4
            guard cursor + length <= body.upperBound else { return }
            switch (type, length) {
            case (0, _):
                takeComments(order, window, in: cursor..<body.upperBound, on: .other)
                return
            case (1, 5...):
                let address = IPAddress(ipv4: window.bigEndian(UInt32.self, at: cursor))
                takeNames(window, cursor + 4..<cursor + length, of: address)
            case (2, 17...):
                let address = IPAddress(
                    ipv6High: window.bigEndian(UInt64.self, at: cursor),
                    low: window.bigEndian(UInt64.self, at: cursor + 8)
                )
                takeNames(window, cursor + 16..<cursor + length, of: address)
            default: break
            }
            cursor += (length + 3) & ~3
        }
    }

    private mutating func takeNames(_ window: Span<UInt8>, _ bounds: Range<Int>, of address: IPAddress) {
        var name: [UInt8] = []
        for index in bounds {
            if window[index] != 0 {
                name.append(window[index])
            } else if !name.isEmpty {
                notes.add(SavefileNotes.Name(address: address, name: name), limit: limits.noteBytes)
                name.removeAll()
            }
        }
    }

    private mutating func takeStatistics(_ order: ByteOrder, _ window: Span<UInt8>, _ body: Range<Int>) {
        guard body.count >= 12 else { return }
        let number = order.load(UInt32.self, window, at: body.lowerBound)
        guard number < interfaces.count else { return }
        let options = body.lowerBound + 12..<body.upperBound
        var byInterface: UInt64?
        var bySystem: UInt64?
        forEachOption(order, window, in: options) { code, value in
            guard value.count == 8 else { return }
            let count = order.load(UInt64.self, window, at: value.lowerBound)
            if code == NoteOption.interfaceDrops { byInterface = count }
            if code == NoteOption.systemDrops { bySystem = count }
        }
        notes.noteStatistics(of: interfaceBase + Int(number), bySystem: bySystem, byInterface: byInterface)
        takeComments(order, window, in: options, on: .other)
    }

    private mutating func takeSecrets(_ order: ByteOrder, _ window: Span<UInt8>, _ body: Range<Int>) {
        guard body.count >= 8 else { return }
        let kind = order.load(UInt32.self, window, at: body.lowerBound)
        let length = Int(order.load(UInt32.self, window, at: body.lowerBound + 4))
        let start = body.lowerBound + 8
        guard length <= body.upperBound - start else { return }
        var bytes: [UInt8] = []
        bytes.append(contentsOf: window.extracting(start..<start + length))
        notes.add(SavefileNotes.Secrets(kind: kind, bytes: bytes), limit: limits.noteBytes)
        takeComments(
            order,
            window,
            in: start + (length + 3) & ~3..<max(start + (length + 3) & ~3, body.upperBound),
            on: .other
        )
    }
}

/// Codes of options that are read for what they say of packets and losses.
private enum NoteOption {
    static let comment: UInt16 = 1
    /// Of an enhanced packet block.
    static let dropCount: UInt16 = 4
    /// Of an interface statistics block.
    static let interfaceDrops: UInt16 = 5
    static let systemDrops: UInt16 = 7
}
