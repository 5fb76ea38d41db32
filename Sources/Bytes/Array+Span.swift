extension Array where Element == UInt8 {
    /// Copies the bytes of a span.
    @inlinable
    package init(_ span: Span<UInt8>) {
        self.init(unsafeUninitializedCapacity: span.count) { buffer, initialized in
            span.withUnsafeBufferPointer { source in
                initialized = buffer.initialize(fromContentsOf: source)
            }
        }
    }

    /// Appends the bytes of a span with at most one reallocation.
    @inlinable
    package mutating func append(contentsOf span: Span<UInt8>) {
        // Without a byte there would be room made in an array that has no storage yet.
        guard !span.isEmpty else { return }
        // What appends any sequence asks it for its elements, which for a few bytes takes longer than to copy them.
        append(addingCapacity: span.count) { room in
            room.withUnsafeMutableBufferPointer { buffer, count in
                span.withUnsafeBufferPointer { source in
                    guard let from = source.baseAddress, let to = buffer.baseAddress else { return }
                    to.initialize(from: from, count: source.count)
                    count = source.count
                }
            }
        }
    }

    /// Appends the bytes of two spans, one behind the other, in one step.
    @inlinable
    package mutating func append(contentsOf first: Span<UInt8>, _ second: Span<UInt8>) {
        append(addingCapacity: first.count &+ second.count) { room in
            room.withUnsafeMutableBufferPointer { buffer, count in
                first.withUnsafeBufferPointer { first in
                    second.withUnsafeBufferPointer { second in
                        guard let to = buffer.baseAddress else { return }
                        if let from = first.baseAddress { to.initialize(from: from, count: first.count) }
                        if let from = second.baseAddress {
                            (to + first.count).initialize(from: from, count: second.count)
                        }
                        count = first.count + second.count
                    }
                }
            }
        }
    }

    /// Makes the array one of the bytes of a span, in the storage that it has where they fit.
    ///
    /// In one step: to empty an array takes as long as to copy some hundred bytes.
    @inlinable
    package mutating func replaceAll(with span: Span<UInt8>) {
        span.withUnsafeBufferPointer { replaceSubrange(0..<count, with: $0) }
    }

    /// Appends the bytes of a span with capital ASCII letters made small; eight at a time.
    @inlinable
    package mutating func append(lowercasing span: Span<UInt8>) {
        let start = count
        append(contentsOf: span)
        withUnsafeMutableBytes { buffer in
            var index = start
            while index &+ 8 <= buffer.count {
                let lanes = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                buffer.storeBytes(of: ByteLanes.lowercased(lanes), toByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            while index < buffer.count {
                buffer[index] = buffer[index].asciiLowercased
                index &+= 1
            }
        }
    }

    /// Puts the bytes of a span in the place of as many from `start` on, which must be there.
    @inlinable
    package mutating func overwrite(at start: Int, with span: Span<UInt8>) {
        precondition(start >= 0 && start <= count - span.count, "bytes beyond the end cannot be overwritten")
        withUnsafeMutableBytes { target in
            span.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: source)
            }
        }
    }

    /// Appends an integer in little-endian order.
    @inlinable
    package mutating func appendLittleEndian(_ value: some FixedWidthInteger & BitwiseCopyable) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }

    /// Appends an integer in network byte order.
    @inlinable
    package mutating func appendBigEndian(_ value: some FixedWidthInteger & BitwiseCopyable) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// The bytes that `range` points at, borrowed from the array.
    @inlinable
    package subscript(_ range: ByteRange) -> ArraySlice<UInt8> { self[range.bounds] }
}
