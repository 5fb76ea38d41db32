import Glibc

/// Reports that a command writes beside its output.
enum OutputFile {
    /// Writes a whole file, replacing one that is there. Where there is no room for all of it nothing is left: a part could be
    /// read for the whole.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try write(bytes, to: path, mode: "wb")
    }

    /// Writes at the end of a file, which is made where there is none.
    static func append(_ bytes: [UInt8], to path: String) throws {
        try write(bytes, to: path, mode: "ab")
    }

    /// Puts a whole file in the place of another, so that whoever reads `path` finds either of them, and never a part.
    ///
    /// `middle` runs when all is on the disk and has no name yet; where it throws, the old file stays.
    static func replace(_ bytes: [UInt8], at path: String, after middle: () throws -> Void = {}) throws {
        let partial = path + ".partial"
        do {
            try write(bytes, to: partial)
            let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw failure(partial) }
            defer { close(descriptor) }
            guard fsync(descriptor) == 0 else { throw failure(partial) }
            try middle()
            guard rename(partial, path) == 0 else { throw failure(path) }
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to path: String, mode: String) throws {
        guard let file = fopen(path, mode) else { throw failure(path) }
        let written = bytes.withUnsafeBufferPointer { fwrite($0.baseAddress, 1, $0.count, file) }
        let isClosed = fclose(file) == 0
        guard written != bytes.count || !isClosed else { return }
        let reason = failure(path)
        var status = stat()
        if mode == "wb", lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(path) }
        throw reason
    }

    /// Throws where a file could not be written at `path`, so that long work is not done for nothing.
    static func requireWritable(_ path: String) throws {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
        let isThere = access(path, F_OK) == 0
        guard access(isThere ? path : String(folder), W_OK) == 0 else { throw failure(path) }
    }

    static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func failure(_ path: String) -> CommandFailure {
        CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
