import Glibc

/// Whether two names are of one file, so that a command never replaces what it reads.
enum SameFile {
    static func isOne(_ first: String, _ second: String) -> Bool {
        var one = stat()
        var other = stat()
        guard stat(first, &one) == 0, stat(second, &other) == 0, one.st_mode & S_IFMT == S_IFREG else {
            return false
        }
        return one.st_dev == other.st_dev && one.st_ino == other.st_ino
    }
}
