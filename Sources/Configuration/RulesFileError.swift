import Glibc
import Yams

/// Why a file of rules, for checking or for anonymizing, cannot be used, and where.
package struct RulesFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As the caller named it.
    package let file: String
    /// From 1; 0 when the place is not known.
    package let line: Int
    /// In characters from 1; 0 when the place is not known.
    package let column: Int
    package let message: String

    init(file: String, at mark: Mark?, _ message: String) {
        self.file = file
        line = mark?.line ?? 0
        column = mark?.column ?? 0
        self.message = message
    }

    /// What the YAML reader says, without the source text that it quotes.
    init(file: String, _ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(file: file, at: mark, "no YAML: \(problem)")
        case .duplicatedKeysInMapping(let names, let context):
            self.init(file: file, at: context.mark, "twice in one mapping: \(names.joined(separator: ", "))")
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            self.init(file: file, at: nil, "no YAML: \(problem)")
        case .no, .memory, .dataCouldNotBeDecoded:
            self.init(file: file, at: nil, "no YAML")
        }
    }

    /// A failed system call on a file; must be made before anything else can change `errno`.
    static func system(_ file: String) -> RulesFileError {
        RulesFileError(file: file, at: nil, "cannot be read: \(String(cString: strerror(errno)))")
    }

    package var description: String {
        line > 0 ? "\(file):\(line):\(column): \(message)" : "\(file): \(message)"
    }
}
