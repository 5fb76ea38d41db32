import Bytes

extension PercentEncoding {
    /// Appends `bytes` so that they are one segment, or one name or value of a query or form, with what clients leave as it
    /// is in both. O(n).
    static func append(part bytes: [UInt8], to text: inout [UInt8]) {
        for byte in bytes {
            switch byte {
            case _ where byte.isUnreserved, 0x3A, 0x40, 0x21, 0x24, 0x2C: text.append(byte)
            default: append(byte, to: &text)
            }
        }
    }
}
