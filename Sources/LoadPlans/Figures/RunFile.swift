/// A file that a run reads besides its plan, as it was: so that a repetition can tell whether it is another.
package struct RunFile: Hashable, Sendable {
    /// What it is for.
    package enum Use: String, Hashable, Sendable, CaseIterable {
        case trace
        /// Rules of a check.
        case rules
        /// Which values are replaced.
        case correlation
    }

    package var path: String
    package var use: Use
    package var bytes: UInt64
    /// SHA-256, in hexadecimal.
    package var digest: String

    package init(path: String, use: Use, bytes: UInt64, digest: String) {
        self.path = path
        self.use = use
        self.bytes = bytes
        self.digest = digest
    }

    /// Which of the files that are read now are others than those of the run that is repeated, a sentence each; one that
    /// has another name and is the same is the same.
    package static func changes(since then: [RunFile], now: [RunFile]) -> [String] {
        now.compactMap { file in
            let whose = "\(file.path) (\(file.use.rawValue))"
            guard let old = then.first(where: { $0.path == file.path }) else {
                return then.contains { $0.digest == file.digest }
                    ? nil : "\(whose) was no part of the run that is repeated"
            }
            guard old.digest != file.digest else { return nil }
            return
                "\(whose) is another than in the run that is repeated: \(file.bytes) bytes, then \(old.bytes)"
        }
    }
}
