package import Checks
import Glibc

extension CheckRulesFile {
    /// Reads the rules from a file, or from standard input when `path` is `-`.
    package static func load(path: String) throws(RulesFileError) -> CheckRules {
        let bytes: [UInt8]
        if path == "-" {
            bytes = try read(STDIN_FILENO, "standard input")
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw systemError(path) }
            defer { close(descriptor) }
            bytes = try read(descriptor, path)
        }
        guard let yaml = String(validating: bytes, as: UTF8.self) else {
            throw RulesFileError(file: path, at: nil, "not UTF-8")
        }
        return try rules(yaml: yaml, file: path == "-" ? "standard input" : path)
    }

    /// Everything up to one byte more than allowed, so that a longer file is seen to be one.
    private static func read(_ descriptor: Int32, _ path: String) throws(RulesFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if step == 0 { break }
            guard step > 0 else {
                if errno == EINTR { continue }
                throw systemError(path)
            }
            count += step
        }
        bytes.removeSubrange(count...)
        return bytes
    }

    private static func systemError(_ path: String) -> RulesFileError {
        RulesFileError(file: path, at: nil, "cannot be read: \(String(cString: strerror(errno)))")
    }
}
