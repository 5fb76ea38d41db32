import Bytes
import CDeflate

/// Decompresses whole raw deflate streams (RFC 1951) of known length; the only owner of a libdeflate decompressor.
///
/// About 12 KB of memory, kept from stream to stream: make one and use it again. Moving it to another thread is safe,
/// since nobody else has the pointer. ``Inflater`` takes its input in any cut and needs no length.
package struct BlockInflater: ~Copyable, @unchecked Sendable {
    private let decompressor: OpaquePointer

    /// Makes a decompressor; traps when memory has run out.
    package init() {
        guard let decompressor = libdeflate_alloc_decompressor() else {
            preconditionFailure("libdeflate refused to start: memory has run out")
        }
        self.decompressor = decompressor
    }

    deinit {
        libdeflate_free_decompressor(decompressor)
    }

    /// Appends what `input` holds decompressed, which must be exactly `count` bytes.
    ///
    /// Throws `limit` where it holds more, and `damaged` where it holds less, where it is no deflate stream, and where
    /// the stream does not end with the last byte of `input`. After an error the output is as it was.
    package mutating func append(
        _ input: Span<UInt8>,
        count: Int,
        to output: inout [UInt8]
    ) throws(InflateError) {
        precondition(count >= 0, "a stream cannot hold less than nothing")
        var result = LIBDEFLATE_BAD_DATA
        var consumed = 0
        // One byte of room even for an empty stream: libdeflate wants an address.
        output.append(addingCapacity: max(1, count)) { room in
            room.withUnsafeMutableBufferPointer { buffer, initialized in
                result = input.withUnsafeBufferPointer { bytes in
                    libdeflate_deflate_decompress_ex(
                        decompressor,
                        bytes.baseAddress,
                        bytes.count,
                        buffer.baseAddress,
                        count,
                        &consumed,
                        nil
                    )
                }
                let isWhole = result == LIBDEFLATE_SUCCESS && consumed == input.count
                initialized = isWhole ? count : 0
            }
        }
        switch result {
        case LIBDEFLATE_SUCCESS where consumed == input.count: break
        case LIBDEFLATE_INSUFFICIENT_SPACE: throw .limit
        default: throw .damaged
        }
    }
}
