import Bytes

extension CanarySearch {
    /// Hands over what stands in `bytes` behind every notation that a value is found behind, each within another as deep;
    /// never `bytes` themselves. For who looks for more than a list of values.
    ///
    /// At most 64 times the bytes are made of it, and 1 MiB beyond.
    package static func forEachContent(of bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var budget = bytes.count * 64 + 1 << 20
        unwrap(Array(bytes), depth: 0, &budget, body)
    }

    private static func unwrap(
        _ bytes: [UInt8],
        depth: Int,
        _ budget: inout Int,
        _ body: (Span<UInt8>) -> Void
    ) {
        guard depth < maximumDepth, depth == 0 || bytes.span.isWorthUnwrapping else { return }
        Wrapping.forEachContent(of: bytes) { content in
            budget -= content.count
            guard budget >= 0, content.count >= shortestValue else { return }
            body(content.span)
            unwrap(content, depth: depth + 1, &budget, body)
        }
    }
}
