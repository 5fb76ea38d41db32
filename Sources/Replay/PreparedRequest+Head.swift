import Bytes
import Messages

extension PreparedRequest {
    /// The head as it goes over the wire: the fields in order, Host first where libcurl puts it.
    ///
    /// `authority` is the target's, for requests that do not keep their own.
    package func head(authority: String) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(bytes.count + lines.count * 2 + 64)
        appendHead(to: &head, authority: Array(authority.utf8))
        return head
    }

    /// Appends the head to `head`; allocates nothing where that has room.
    package func appendHead(to head: inout [UInt8], authority: [UInt8]) {
        head.append(contentsOf: bytes[method])
        head.append(0x20)
        head.append(contentsOf: bytes[target])
        head.append(contentsOf: version == .http10 ? " HTTP/1.0\r\n".utf8 : " HTTP/1.1\r\n".utf8)
        if !omitsHost {
            head.append(contentsOf: "Host: ".utf8)
            if let host {
                head.append(contentsOf: bytes[host])
            } else {
                head.append(contentsOf: authority)
            }
            head.append(contentsOf: "\r\n".utf8)
        }
        for field in lines {
            head.append(contentsOf: bytes[field.line])
            head.append(contentsOf: "\r\n".utf8)
        }
        head.append(contentsOf: "\r\n".utf8)
    }

    /// Appends the trailer section, without the empty line that ends it.
    package func appendTrailers(to section: inout [UInt8]) {
        for field in trailers {
            section.append(contentsOf: bytes[field.line])
            section.append(contentsOf: "\r\n".utf8)
        }
    }
}
