import Bytes
import CDeflate

#if arch(x86_64)
    import CISAL
#endif

/// Compresses whole runs of bytes into raw deflate streams (RFC 1951); the only owner of a compressor of ISA-L or of
/// libdeflate.
///
/// All of the input is at hand, so it takes a fraction of the time of ``Deflater``, which takes its input in any cut: at
/// level 1 less than half of what libdeflate takes where there is ISA-L, which is on x86-64; half there. Up to 700 KB of
/// memory, kept from run to run: make one and use it again. Moving it to another thread is safe, since nobody else has
/// the pointer.
package struct BlockDeflater: ~Copyable, @unchecked Sendable {
    private enum Compressor {
        case libdeflate(OpaquePointer)
        #if arch(x86_64)
            case isal(UnsafeMutableRawPointer)
        #endif
    }

    private let compressor: Compressor

    /// Makes a compressor; `level` is 0 (store) or 1 (fast) to 12 (smallest).
    ///
    /// Traps on another level and when memory has run out.
    package init(level: Int32 = 6) {
        #if arch(x86_64)
            if level == 1, let fast = tapedeck_isal_create() {
                compressor = .isal(fast)
                return
            }
        #endif
        guard let compressor = libdeflate_alloc_compressor(level) else {
            preconditionFailure("libdeflate refused to start: it knows the levels 0 to 12, this is \(level)")
        }
        self.compressor = .libdeflate(compressor)
    }

    deinit {
        switch compressor {
        case .libdeflate(let compressor): libdeflate_free_compressor(compressor)
        #if arch(x86_64)
            case .isal(let memory): tapedeck_isal_free(memory)
        #endif
        }
    }

    /// Appends `input` as a deflate stream of its own, and answers how many bytes that took.
    ///
    /// At most 5 bytes for every 10,000, and 9 more, longer than the input.
    @discardableResult
    package mutating func append(_ input: Span<UInt8>, to output: inout [UInt8]) -> Int {
        let start = output.count
        // Without a compressor it is the bound of all of them; what ISA-L stores takes 5 bytes for every 65,535.
        let bound = libdeflate_deflate_compress_bound(nil, input.count)
        output.append(addingCapacity: bound) { room in
            room.withUnsafeMutableBufferPointer { buffer, count in
                count = input.withUnsafeBufferPointer { deflate($0, into: buffer) }
            }
        }
        precondition(output.count > start, "a deflate stream fits into its bound")
        return output.count - start
    }

    private func deflate(_ bytes: UnsafeBufferPointer<UInt8>, into room: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        switch compressor {
        case .libdeflate(let compressor):
            libdeflate_deflate_compress(
                compressor,
                bytes.baseAddress,
                bytes.count,
                room.baseAddress,
                room.count
            )
        #if arch(x86_64)
            case .isal(let memory):
                tapedeck_isal_deflate(memory, bytes.baseAddress, bytes.count, room.baseAddress, room.count)
        #endif
        }
    }
}
