import Foundation
import Replay
import Reports

/// The file of `replay --hdr`: one histogram log, written as the run goes on.
final class HDRLogFile {
    private let path: String
    private let file: FileHandle
    private var log = HDRLog()

    /// Begins the file; one that is there is overwritten only with `force`.
    init(path: String, force: Bool) throws {
        self.path = path
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL)
        let descriptor = open(path, flags, 0o644)
        guard descriptor >= 0 else {
            let hint = errno == EEXIST ? "; --force overwrites it" : ""
            throw CommandFailure("cannot write \(path): \(String(cString: strerror(errno)))\(hint)")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try write(log.header(version: Tapedeck.version, startedAt: Clock.wall()))
    }

    func append(_ interval: ReplayInterval) throws {
        try write(log.lines(interval))
    }

    private func write(_ text: String) throws {
        do {
            try file.write(contentsOf: Data(text.utf8))
        } catch {
            throw CommandFailure("cannot write \(path): \(error.localizedDescription)")
        }
    }
}
