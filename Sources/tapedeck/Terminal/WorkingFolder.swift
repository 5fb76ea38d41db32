import Glibc

/// The folder in which a command was started.
enum WorkingFolder {
    /// Absolute; `/` where it cannot be told.
    static var path: String {
        guard let name = getcwd(nil, 0) else { return "/" }
        defer { free(name) }
        return String(cString: name)
    }
}
