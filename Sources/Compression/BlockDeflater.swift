import Bytes
import CDeflate

/// Compresses whole runs of bytes into raw deflate streams (RFC 1951); the only owner of a libdeflate compressor.
///
/// All of the input is at hand, so it takes about half the time of ``Deflater``, which takes its input in any cut. Up
/// to 700 KB of memory, kept from run to run: make one and use it again. Moving it to another thread is safe, since
/// nobody else has the pointer.
package struct BlockDeflater: ~Copyable, @unchecked Sendable {
    private let compressor: OpaquePointer

    /// Makes a compressor; `level` is 0 (store) or 1 (fast) to 12 (smallest).
    ///
    /// Traps on another level and when memory has run out.
    package init(level: Int32 = 6) {
        guard let compressor = libdeflate_alloc_compressor(level) else {
            preconditionFailure("libdeflate refused to start: it knows the levels 0 to 12, this is \(level)")
        }
        self.compressor = compressor
    }

    deinit {
        libdeflate_free_compressor(compressor)
    }

    /// Appends `input` as a deflate stream of its own, and answers how many bytes that took.
    ///
    /// At most 5 bytes for every 10,000, and 9 more, longer than the input.
    @discardableResult
    package mutating func append(_ input: Span<UInt8>, to output: inout [UInt8]) -> Int {
        let start = output.count
        let bound = libdeflate_deflate_compress_bound(compressor, input.count)
        output.append(addingCapacity: bound) { room in
            room.withUnsafeMutableBufferPointer { buffer, count in
                count = input.withUnsafeBufferPointer { bytes in
                    libdeflate_deflate_compress(
                        compressor,
                        bytes.baseAddress,
                        bytes.count,
                        buffer.baseAddress,
                        buffer.count
                    )
                }
            }
        }
        precondition(output.count > start, "a deflate stream fits into its bound")
        return output.count - start
    }
}
