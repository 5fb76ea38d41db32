import Bytes

/// The field lines of a head that came before, for heads in which they are repeated word for word.
///
/// A sender writes most lines of a head as in the one before, at the same place among the others. Such a line is known to be
/// a field, and where its name and its value stand in it; it is compared and not read.
package struct RepeatedLines: Sendable {
    /// Longer heads are read line by line each time.
    private static let byteLimit = 1_024
    private static let fieldLimit = 32

    /// Of the head that is remembered.
    private var bytes: [UInt8] = []
    private var fields: [HeaderField] = []
    /// Whether a head came by that was not remembered: the only one of a connection would be for nothing.
    private var isExpecting = false

    package init() {}

    /// The field that stands at `offset`, the one with number `index` of its head, where its line is that of the one that is
    /// remembered; and where the next line starts.
    @inline(__always)
    func field(_ index: Int, in head: Span<UInt8>, at offset: Int) -> (field: HeaderField, next: Int)? {
        let known = fields.span
        guard index < known.count else { return nil }
        let start = known[index].name.offset
        // Between two lines of a head without oddities there is nothing, and two bytes behind the last.
        let end = index &+ 1 < known.count ? known[index &+ 1].name.offset : bytes.count &- 2
        let count = end &- start
        guard head.count &- offset >= count,
            head.extracting(offset..<offset &+ count).equals(bytes.span.extracting(start..<end))
        else { return nil }
        let shift = offset &- start
        var field = known[index]
        field.name.offset &+= shift
        field.value.offset &+= shift
        return (field, offset &+ count)
    }

    /// Takes notice of a head in which `repeated` lines were those that are remembered; it takes their place where most were
    /// not. Only for heads in ASCII without flags.
    mutating func note(_ head: Span<UInt8>, _ fields: borrowing [HeaderField], repeated: Int) {
        guard repeated &* 2 < fields.count, head.count <= Self.byteLimit, fields.count <= Self.fieldLimit
        else {
            return
        }
        guard isExpecting else {
            isExpecting = true
            return
        }
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: head)
        self.fields.removeAll(keepingCapacity: true)
        self.fields.append(contentsOf: fields.span)
    }
}

extension Array where Element == HeaderField {
    fileprivate mutating func append(contentsOf span: Span<HeaderField>) {
        span.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}
