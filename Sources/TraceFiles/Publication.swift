import Glibc

/// A file that gets its name only when it is whole: `NAME.partial`, mode 0600, then `NAME`.
struct Publication: ~Copyable, Sendable {
    static let suffix = ".partial"

    /// The name it will have.
    let path: String
    /// The name it has now; equal to ``path`` for what is no regular file.
    let partialPath: String
    let file: FileDescriptor
    private let replaces: Bool
    private let hasItsName: Bool

    /// Standard output, a device or a named pipe: what is written there is out at once.
    private init(_ file: consuming FileDescriptor, path: String) {
        self.path = path
        partialPath = path
        self.file = file
        replaces = false
        hasItsName = true
    }

    /// Opens what `path` names for a trace: `-` and what is there but no regular file is written to as it is, anything
    /// else is created as ``init(path:force:)`` says.
    static func open(_ path: String, force: Bool) throws(TraceWriteError) -> Publication {
        if path == "-" { return Publication(.standardOutput, path: "standard output") }
        guard FileDescriptor.isSpecial(path) else { return try Publication(path: path, force: force) }
        do throws(SystemFault) {
            return Publication(try FileDescriptor(.writing, path), path: path)
        } catch {
            throw TraceWriteError(.create(error), path: path)
        }
    }

    /// Creates `path.partial` and locks it.
    ///
    /// Refuses when either name is taken, unless `force`; never touches a file that another process is writing.
    init(path: String, force: Bool) throws(TraceWriteError) {
        if !force, access(path, F_OK) == 0 { throw TraceWriteError(.alreadyExists, path: path) }
        try self.init(path: path, partialPath: path + Self.suffix, replaces: force, removesLeftover: force)
    }

    /// Creates and locks `partialPath`, which becomes `path`.
    init(
        path: String,
        partialPath: String,
        replaces: Bool,
        removesLeftover: Bool
    ) throws(TraceWriteError) {
        file = try Self.create(partialPath, force: removesLeftover)
        self.path = path
        self.partialPath = partialPath
        self.replaces = replaces
        hasItsName = false
    }

    private static func create(_ path: String, force: Bool) throws(TraceWriteError) -> FileDescriptor {
        do throws(SystemFault) {
            try removeLeftover(path, force: force)
            let file = try FileDescriptor(.creating, path)
            guard file.lock() else { throw SystemFault(number: EWOULDBLOCK) }
            return file
        } catch {
            switch error.number {
            case EWOULDBLOCK: throw TraceWriteError(.beingWritten, path: path)
            case EEXIST: throw TraceWriteError(.unfinishedExists, path: path)
            default: throw TraceWriteError(.create(error), path: path)
            }
        }
    }

    private static func removeLeftover(_ path: String, force: Bool) throws(SystemFault) {
        do throws(SystemFault) {
            let leftover = try FileDescriptor(.reading, path)
            guard leftover.lock() else { throw SystemFault(number: EWOULDBLOCK) }
        } catch {
            if error.number == ENOENT { return }
            throw error
        }
        guard force else { throw SystemFault(number: EEXIST) }
        guard unlink(path) == 0 else { throw .last }
    }

    /// Brings the file to the disk and gives it its name.
    func publish() throws(TraceWriteError) {
        if hasItsName { return }
        do throws(SystemFault) {
            try file.synchronize()
            if replaces {
                guard rename(partialPath, path) == 0 else { throw .last }
            } else {
                try renameWithoutReplacing()
            }
            try synchronizeFolder()
        } catch {
            throw TraceWriteError(
                error.number == EEXIST ? .alreadyExists : .publish(error),
                path: error.number == EEXIST ? path : partialPath
            )
        }
    }

    /// A second name fails where a file has appeared meanwhile, which a rename would silently replace.
    private func renameWithoutReplacing() throws(SystemFault) {
        if link(partialPath, path) == 0 {
            guard unlink(partialPath) == 0 else { throw .last }
            return
        }
        let fault = SystemFault.last
        // Some file systems have no second names.
        guard fault.number != EEXIST, access(path, F_OK) != 0 else { throw SystemFault(number: EEXIST) }
        guard rename(partialPath, path) == 0 else { throw .last }
    }

    /// The new name is safe only when the folder that holds it is.
    private func synchronizeFolder() throws(SystemFault) {
        let folder =
            path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        try FileDescriptor(.reading, folder.isEmpty ? "/" : folder).synchronize()
    }

    /// Removes the file that has no name yet.
    func discard() {
        if !hasItsName { unlink(partialPath) }
    }

    /// Leaves only the first `size` bytes, so that a write that failed halfway leaves no torn block behind; no file
    /// where that is nothing.
    func keep(_ size: UInt64) {
        if hasItsName { return }
        // What cannot be cut off is reported as a torn block by whoever reads the file.
        try? file.truncate(to: size)
        try? file.seek(to: size)
        if size == 0 { unlink(partialPath) }
    }
}
