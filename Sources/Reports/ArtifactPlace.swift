/// Where a file lies, as tools that read a repository name it: relative to the repository, with `/` between names.
package struct ArtifactPlace: Hashable, Sendable {
    /// Relative to the root where the file lies below it, else absolute.
    package let path: String
    /// The same as a URI reference (RFC 3986, section 4.1).
    package let uri: String

    /// `path` as it was given, read from `folder`; both `folder` and `root` are absolute. `.` and `..` are resolved by
    /// their names alone.
    package init(_ path: String, from folder: String, root: String) {
        let names = Self.names(path.hasPrefix("/") ? path : folder + "/" + path)
        let base = Self.names(root)
        if names.count > base.count, names.starts(with: base) {
            let rest = names.dropFirst(base.count)
            self.path = rest.joined(separator: "/")
            uri = rest.map(Self.encoded).joined(separator: "/")
        } else {
            self.path = "/" + names.joined(separator: "/")
            uri = "file:///" + names.map(Self.encoded).joined(separator: "/")
        }
    }

    private static func names(_ path: String) -> [String] {
        var names: [String] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(String(name)) }
        }
        return names
    }

    /// Everything but the unreserved characters (RFC 3986, section 2.3) is spelled in hexadecimal: a colon in the first
    /// name would make it a scheme.
    private static func encoded(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count < 2 ? "0" : "") + digits
            }
        }
        return text
    }
}
