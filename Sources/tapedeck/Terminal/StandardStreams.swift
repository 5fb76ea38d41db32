import Glibc

/// Standard output, where data goes; buffered, flushed when the command ends.
enum StandardOutput {
    /// A reader that went away (`tapedeck cat … | head`) ends the command quietly, as for any filter.
    static func write(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    static func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { put($0) }
    }

    static func flush() {
        fflush(stdout)
    }

    private static func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count > 0 else { return }
        if fwrite(bytes.baseAddress, 1, bytes.count, stdout) != bytes.count {
            if errno == EPIPE { _exit(CommandExit.done) }
            let reason = String(cString: strerror(errno))
            StandardError.print("tapedeck: cannot write to standard output: \(reason)")
            _exit(CommandExit.unusable)
        }
    }
}

/// Standard error, where diagnostics and progress go.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes one line; a live progress line is cleared first.
    static func print(_ line: String) {
        var text = (isTerminal ? "\r\u{1B}[K" : "") + line + "\n"
        text.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    /// Replaces the live line of a terminal.
    static func live(_ line: String) {
        var text = "\r\u{1B}[K" + line
        text.withUTF8 { bytes in
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}
