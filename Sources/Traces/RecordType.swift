/// The type of a record as its number in the file.
///
/// Bit 7 clear: a reader that does not know the type stops with a message. Set: it may pass over the record.
enum RecordType: UInt8, Sendable {
    case connectionOpen = 1
    case connectionClose = 2
    case requestHead = 3
    case responseHead = 4
    case body = 5
    case event = 6
    case end = 7
    case whole = 8
    case ledgerSnapshot = 9
    case note = 0x81
    case connectionSummary = 0x82
    case endpointLedger = 0x84
    case anonymized = 0x85

    static let mayIgnore: UInt8 = 0x80
    /// Stands where a record belongs to no exchange or no connection.
    static let none = UInt64.max
}

/// The numbers of ``BodyFraming`` in the file.
enum FramingCode: UInt8 {
    case none = 0
    case length = 1
    case chunked = 2
    case untilClose = 3
}
