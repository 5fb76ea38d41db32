import Glibc

/// Secrets that a plan names by their place: `env:VAR` or `file:PATH`.
enum SecretText {
    /// A token; an error names the place and never what it holds.
    static func read(_ place: String, of whom: String) throws -> String {
        let line = try value(place, of: "the token of \(whom)")
        guard line.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw CommandFailure("the token of \(whom) is none: it has letters, digits and signs alone")
        }
        return line
    }

    /// The first line of what a place holds.
    static func value(_ place: String, of what: String) throws -> String {
        let text: String
        if place.hasPrefix("env:") {
            let name = String(place.dropFirst(4))
            guard let value = getenv(name) else {
                throw CommandFailure("the environment has no \(name), which is to hold \(what)")
            }
            text = String(cString: value)
        } else {
            let path = String(place.dropFirst(5))
            guard let value = TextFile.read(path) else {
                throw CommandFailure("\(path), which is to hold \(what): \(String(cString: strerror(errno)))")
            }
            text = value
        }
        let line = text.prefix { $0 != "\n" && $0 != "\r" && $0 != "\r\n" }
        guard !line.isEmpty else { throw CommandFailure("\(what) is empty") }
        return String(line)
    }
}
