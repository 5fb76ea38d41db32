import Glibc
import Synchronization

/// Standard output, where data goes; buffered, and flushed when the command ends.
enum StandardOutput {
    private static let buffer = Mutex<[UInt8]>([])
    private static let bufferSize = 65_536

    /// Whether what is written may be styled.
    static var isTerminal: Bool { isSeen && getenv("NO_COLOR") == nil }

    /// Whether somebody looks at what is written, with colours or without.
    static var isSeen: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    static func write(_ bytes: [UInt8]) {
        buffer.withLock { buffer in
            buffer.append(contentsOf: bytes)
            if buffer.count >= bufferSize { drain(&buffer) }
        }
    }

    static func flush() {
        buffer.withLock { drain(&$0) }
    }

    private static func drain(_ buffer: inout [UInt8]) {
        guard Descriptor.write(buffer, to: STDOUT_FILENO) else {
            // A reader that went away (`tapedeck cat … | head`) ends the command quietly, as for any filter.
            if errno == EPIPE { _exit(CommandExit.done) }
            let reason = String(cString: strerror(errno))
            StandardError.print("tapedeck: cannot write to standard output: \(reason)")
            _exit(CommandExit.unusable)
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Standard error, where diagnostics and progress go.
enum StandardError {
    private static let region = Mutex<LiveRegion>(LiveRegion())

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    /// Whether lines can be drawn over.
    static var canRedraw: Bool {
        isTerminal && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
    }

    /// Writes one line; live lines are taken away first.
    static func print(_ line: String) {
        region.withLock { region in
            var text = region.isEmpty ? "" : region.erase(on: .current())
            text += (isTerminal ? "\r\u{1B}[K" : "") + line + "\n"
            _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO)
        }
    }

    /// Replaces the live lines of a terminal.
    static func live(_ lines: [String]) {
        region.withLock { region in
            let text = region.replace(with: lines, on: .current())
            _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO)
        }
    }

    /// Writes whole lines of data.
    static func write(_ bytes: [UInt8]) {
        _ = Descriptor.write(bytes, to: STDERR_FILENO)
    }
}

/// Whole writes to a descriptor.
private enum Descriptor {
    /// Writes all of `bytes`; false, with `errno` set, when that cannot be done.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var written = 0
            while written < buffer.count {
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                written += count
            }
            return true
        }
    }
}
