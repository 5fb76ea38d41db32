package import Anonymization
import Glibc

/// The file that holds the key of the pseudonyms: 32 bytes, or 64 hexadecimal digits and a line end.
package enum KeyFile {
    /// Why a key file cannot be used; what it holds is never a part of it.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package let path: String
        let message: String

        package var description: String { "key file \(path): \(message)" }
    }

    /// The key in the file; one from the system's random generator is put there first if the file does not exist.
    ///
    /// The file is created with mode 0600. One that others can read or write is refused.
    package static func load(_ path: String) throws(Failure) -> PseudonymKey {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw failure(path) }
            return try create(path)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(path: path, message: "no regular file")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Failure(path: path, message: "others may read or write it; run chmod 600 on it")
        }
        guard let key = PseudonymKey(spelled: try read(descriptor, path)) else {
            throw Failure(path: path, message: "it holds neither 32 bytes nor 64 hexadecimal digits")
        }
        return key
    }

    /// A key that is forgotten with the process.
    package static func ephemeral() -> PseudonymKey {
        var generator = SystemRandomNumberGenerator()
        return PseudonymKey(using: &generator)
    }

    private static func create(_ path: String) throws(Failure) -> PseudonymKey {
        let key = ephemeral()
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let spelling = key.hexadecimal + [0x0A]
        let written = spelling.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == spelling.count, fsync(descriptor) == 0 else {
            let cause = failure(path)
            unlink(path)
            throw cause
        }
        return key
    }

    /// At most one byte more than the longest key.
    private static func read(_ descriptor: Int32, _ path: String) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 67)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw failure(path) }
        return Array(bytes.prefix(count))
    }

    private static func failure(_ path: String) -> Failure {
        Failure(path: path, message: String(cString: strerror(errno)))
    }
}
