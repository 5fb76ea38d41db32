private import CPostgres

/// The rows that one statement answered, as text.
package struct ResultTable: Sendable {
    package let rowCount: Int
    package let columnCount: Int
    /// Where each value ends in `bytes`, row by row.
    private var ends: [Int32] = []
    private var isNull: [Bool] = []
    private var bytes: [UInt8] = []

    /// No rows.
    package init() {
        rowCount = 0
        columnCount = 0
    }

    /// Copies the values out of a result of libpq.
    init(copying result: OpaquePointer) {
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
        ends.reserveCapacity(rowCount * columnCount)
        isNull.reserveCapacity(rowCount * columnCount)
        for row in 0..<Int32(rowCount) {
            for column in 0..<Int32(columnCount) {
                let length = Int(PQgetlength(result, row, column))
                if let value = PQgetvalue(result, row, column) {
                    let raw = UnsafeRawBufferPointer(start: value, count: length)
                    bytes.append(contentsOf: raw)
                }
                ends.append(Int32(clamping: bytes.count))
                isNull.append(PQgetisnull(result, row, column) == 1)
            }
        }
    }

    /// The value as text, or `nil` where it is null.
    package func text(_ row: Int, _ column: Int) -> String? {
        let place = row * columnCount + column
        guard !isNull[place] else { return nil }
        let start = place == 0 ? 0 : Int(ends[place - 1])
        return String(decoding: bytes[start..<Int(ends[place])], as: UTF8.self)
    }

    /// The value as text, empty where it is null.
    package func string(_ row: Int, _ column: Int) -> String { text(row, column) ?? "" }

    package func integer(_ row: Int, _ column: Int) -> Int64? { text(row, column).flatMap { Int64($0) } }

    package func number(_ row: Int, _ column: Int) -> Double? { text(row, column).flatMap { Double($0) } }

    package func flag(_ row: Int, _ column: Int) -> Bool { text(row, column) == "t" }
}
