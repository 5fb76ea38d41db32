import Glibc

/// The only owner of an open file; closes it when it goes.
struct FileDescriptor: ~Copyable, Sendable {
    let number: Int32
    /// Standard input and output stay open.
    private let isBorrowed: Bool

    private init(_ number: Int32, isBorrowed: Bool) {
        self.number = number
        self.isBorrowed = isBorrowed
    }

    deinit {
        // After EINTR the descriptor is gone all the same on Linux.
        if !isBorrowed { close(number) }
    }

    static var standardInput: FileDescriptor { FileDescriptor(STDIN_FILENO, isBorrowed: true) }
    static var standardOutput: FileDescriptor { FileDescriptor(STDOUT_FILENO, isBorrowed: true) }

    enum Opening {
        case reading
        /// Creates a file that only its owner may read; fails when it is there.
        case creating
        /// Writes to a device or a named pipe.
        case writing

        fileprivate var flags: Int32 {
            switch self {
            case .reading: O_RDONLY | O_CLOEXEC
            case .creating: O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
            case .writing: O_WRONLY | O_CLOEXEC
            }
        }
    }

    init(_ opening: Opening, _ path: String) throws(SystemFault) {
        while true {
            let number = open(path, opening.flags, 0o600)
            if number >= 0 {
                self.init(number, isBorrowed: false)
                return
            }
            let fault = SystemFault.last
            if fault.number != EINTR { throw fault }
        }
    }

    /// Takes the lock that says "somebody writes here"; false when another process has it.
    func lock() -> Bool {
        flock(number, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    }

    /// Writes all bytes, however many calls that takes.
    func write(_ bytes: [UInt8]) throws(SystemFault) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.write(number, buffer.baseAddress?.advanced(by: start), buffer.count - start)
            }
            if count >= 0 {
                start += count
            } else {
                let fault = SystemFault.last
                if fault.number != EINTR { throw fault }
            }
        }
    }

    /// Reads at most `buffer.count` bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemFault) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            let fault = SystemFault.last
            if fault.number != EINTR { throw fault }
        }
    }

    /// Moves to `offset` from the start of a regular file.
    func seek(to offset: UInt64) throws(SystemFault) {
        guard lseek(number, Int(clamping: offset), SEEK_SET) >= 0 else { throw .last }
    }

    /// Brings what was written to the disk.
    func synchronize() throws(SystemFault) {
        guard fsync(number) == 0 else { throw .last }
    }

    /// Drops what stands behind `size`.
    func truncate(to size: UInt64) throws(SystemFault) {
        guard ftruncate(number, Int(clamping: size)) == 0 else { throw .last }
    }

    /// Whether `path` is there and is neither a regular file nor a folder.
    static func isSpecial(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
    }

    /// The size of a regular file; `nil` for pipes and the like.
    var regularFileSize: UInt64? {
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return UInt64(max(0, status.st_size))
    }
}
