package import Checks
import Glibc

extension CheckRulesFile {
    /// Reads the rules from a file, or from standard input when `path` is `-`.
    package static func load(path: String) throws(RulesFileError) -> CheckRules {
        let bytes =
            path == "-"
            ? try RulesFileInput.bytes(STDIN_FILENO, "standard input", maximumBytes: maximumBytes)
            : try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes)
        guard let yaml = String(validating: bytes, as: UTF8.self) else {
            throw RulesFileError(file: path, at: nil, "not UTF-8")
        }
        return try rules(yaml: yaml, file: path == "-" ? "standard input" : path)
    }
}
