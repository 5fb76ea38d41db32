import Glibc

/// A name in a folder of its own that only this user can read; both are removed when it is let go.
final class ScratchFile {
    let path: String
    private let folder: String

    init(suffix: String) throws {
        folder = try ScratchFolder.make()
        path = "\(folder)/scratch\(suffix)"
    }

    deinit {
        unlink(path)
        unlink(path + ".partial")
        rmdir(folder)
    }
}

/// Folders for what nobody wants to keep.
enum ScratchFolder {
    /// Makes one that only this user can read; whoever asks removes it.
    static func make() throws -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/tapedeck-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else {
            let reason = String(cString: strerror(errno))
            throw CommandFailure(
                "cannot make a scratch folder in \(parent): \(reason); set TMPDIR to another"
            )
        }
        return made
    }
}
