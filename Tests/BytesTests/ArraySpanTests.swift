import Bytes
import Testing

/// Bytes of a span go into an array whatever storage it has.
@Suite struct ArraySpanTests {
    static let rows: [(held: [UInt8], span: [UInt8])] = [
        // An array without storage, and nothing to put there.
        ([], []),
        ([], [1]),
        ([1, 2, 3], []),
        ([1, 2, 3], [4]),
        ([1, 2, 3], [4, 5, 6]),
        // More than there is room for.
        ([1], Array(repeating: 7, count: 1_000)),
        (Array(0...255), Array(repeating: 9, count: 17)),
    ]

    @Test(arguments: rows)
    func bytesFollowThoseThatAreThere(_ row: (held: [UInt8], span: [UInt8])) {
        var bytes = row.held
        bytes.append(contentsOf: row.span.span)
        #expect(bytes == row.held + row.span)
        bytes.append(contentsOf: row.span.span)
        #expect(bytes == row.held + row.span + row.span)
    }

    @Test(arguments: rows)
    func bytesTakeThePlaceOfThoseThatAreThere(_ row: (held: [UInt8], span: [UInt8])) {
        var bytes = row.held
        bytes.replaceAll(with: row.span.span)
        #expect(bytes == row.span)
        bytes.replaceAll(with: row.held.span)
        #expect(bytes == row.held)
    }

    /// Somebody else who holds the storage sees nothing of it.
    @Test(arguments: rows)
    func copiesStayAsTheyAre(_ row: (held: [UInt8], span: [UInt8])) {
        var (appended, replaced) = (row.held, row.held)
        let copy = row.held
        appended.append(contentsOf: row.span.span)
        replaced.replaceAll(with: row.span.span)
        #expect(copy == row.held)
    }

    @Test func storageIsKept() {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(100)
        let capacity = bytes.capacity
        for count in [0, 100, 3, 50] {
            bytes.replaceAll(with: [UInt8](repeating: 1, count: count).span)
            #expect(bytes.count == count && bytes.capacity == capacity)
        }
    }
}
