import CZlib

/// Compresses messages as permessage-deflate does (RFC 7692, section 7.2.1).
struct DeflatingSender: ~Copyable {
    private let keepsWindow: Bool
    private let stream: UnsafeMutablePointer<z_stream>

    init(keepsWindow: Bool) {
        self.keepsWindow = keepsWindow
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    mutating func frame(_ text: String) -> [UInt8] { frame(Array(text.utf8)) }

    /// A compressed message in one frame.
    mutating func frame(_ plain: [UInt8]) -> [UInt8] { FrameBytes.frame(1, compressed(plain), reserved: 4) }

    private func compressed(_ plain: [UInt8]) -> [UInt8] {
        // zlib writes nothing for nothing; the protocol wants an empty block (RFC 7692, section 7.2.3.6).
        if plain.isEmpty { return [0] }
        if !keepsWindow { deflateReset(stream) }
        var plain = plain
        var output = [UInt8](repeating: 0, count: plain.count + 1_024)
        let count = output.count
        let rest = plain.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                deflate(stream, Z_SYNC_FLUSH)
                return Int(stream.pointee.avail_out)
            }
        }
        // The last four bytes are 00 00 FF FF and are not sent.
        return Array(output[..<(count - rest - 4)])
    }
}
