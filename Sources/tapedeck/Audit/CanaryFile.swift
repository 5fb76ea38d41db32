import Anonymization
import Glibc

/// A file of planted values, one a line; empty lines and white space around a value do not count.
enum CanaryFile {
    /// Longer files are refused.
    private static let maximumBytes = 64 << 20

    static func read(_ path: String) throws -> CanarySearch {
        var lines: [[UInt8]] = []
        for line in try contents(path).split(separator: 0x0A, omittingEmptySubsequences: false) {
            var value = line[...]
            while let first = value.first, first <= 0x20 { value.removeFirst() }
            while let last = value.last, last <= 0x20 { value.removeLast() }
            lines.append(Array(value))
        }
        let values = lines.filter { !$0.isEmpty }
        guard !values.isEmpty else { throw CommandFailure("--canary \(path): no value stands in it") }
        if let short = lines.firstIndex(where: { !$0.isEmpty && $0.count < CanarySearch.shortestValue }) {
            throw CommandFailure(
                "--canary \(path):\(short + 1): a value has \(CanarySearch.shortestValue) bytes or more; "
                    + "a shorter one is found by chance"
            )
        }
        guard let search = CanarySearch(values) else {
            throw CommandFailure("--canary \(path): more than \(CanarySearch.maximumValues) values")
        }
        return search
    }

    private static func contents(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure("--canary \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure("--canary \(path): \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= maximumBytes else {
                throw CommandFailure("--canary \(path): longer than \(maximumBytes) bytes")
            }
        }
    }
}
