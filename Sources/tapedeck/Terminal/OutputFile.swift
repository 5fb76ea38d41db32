import Glibc

/// Reports that a command writes beside its output.
enum OutputFile {
    /// Writes a whole file, replacing one that is there. Where there is no room for all of it nothing is left: a part could be
    /// read for the whole. A private one is for nobody but its owner.
    static func write(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws {
        try write(to: path, mode: "wb", isPrivate: isPrivate) { put in try put(bytes) }
    }

    /// Writes a whole file as ``write(_:to:isPrivate:)`` does, piece by piece.
    static func write(to path: String, _ pieces: (_ put: ([UInt8]) throws -> Void) throws -> Void) throws {
        try write(to: path, mode: "wb", pieces)
    }

    /// Writes at the end of a file, which is made where there is none.
    static func append(_ bytes: [UInt8], to path: String) throws {
        try write(to: path, mode: "ab") { put in try put(bytes) }
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

    private static func write(
        to path: String,
        mode: String,
        isPrivate: Bool = false,
        _ pieces: (_ put: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        guard let file = fopen(path, mode) else { throw failure(path) }
        var isOpen = true
        do {
            defer { if isOpen { fclose(file) } }
            // Nothing is in it yet.
            guard !isPrivate || fchmod(fileno(file), 0o600) == 0 else { throw failure(path) }
            try pieces { bytes in
                let written = bytes.withUnsafeBufferPointer { fwrite($0.baseAddress, 1, $0.count, file) }
                guard written == bytes.count else { throw failure(path) }
            }
            // What is still in the buffer need not have room.
            isOpen = false
            guard fclose(file) == 0 else { throw failure(path) }
        } catch {
            var status = stat()
            if mode == "wb", lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { unlink(path) }
            throw error
        }
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
