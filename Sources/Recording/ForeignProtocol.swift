import Bytes

/// Names what a side of a connection began with where it is not HTTP, so that an operator knows what to look for.
///
/// Only the first bytes are looked at, and nothing of them is kept. The answer is a guess, and used for words only.
enum ForeignProtocol {
    /// The name of a protocol that starts like this, or an empty string.
    static func name(of prefix: Span<UInt8>) -> String {
        if prefix.count >= 3, prefix[0] == 0x16, prefix[1] == 3, prefix[2] <= 4 { return "TLS" }
        for (start, name) in starts where prefix.count >= start.utf8CodeUnitCount {
            if start.withUTF8Buffer({ buffer in buffer.indices.allSatisfy { buffer[$0] == prefix[$0] } }) {
                return name
            }
        }
        if prefix.count >= 8, prefix[0] == 0, prefix[1] == 0, prefix[4] == 0x04, prefix[5] == 0xD2 {
            return "PostgreSQL"
        }
        if prefix.count >= 8, prefix[0] == 0, prefix[1] == 0, prefix[4] == 0, prefix[5] == 3 {
            return "PostgreSQL"
        }
        if prefix.count >= 6, prefix[2] == 0, prefix[3] == 0, prefix[4] == 0x0A { return "MySQL" }
        if prefix.count >= 12, prefix[0] == 0x10, prefix[4] == 0x4D, prefix[5] == 0x51 { return "MQTT" }
        return ""
    }

    private static let starts: [(StaticString, String)] = [
        ("PRI * HTTP/2", "HTTP/2"), ("SSH-", "SSH"), ("PROXY ", "PROXY protocol"),
        ("\r\n\r\n\0\r\nQUIT\n", "PROXY protocol"), ("AMQP", "AMQP"), ("*1\r\n$", "Redis"),
        ("*2\r\n$", "Redis"), ("*3\r\n$", "Redis"), ("+OK", "Redis or POP3"), ("220 ", "SMTP or FTP"),
        ("EHLO ", "SMTP"), ("INFO {", "NATS"), ("RTSP/", "RTSP"), ("SIP/", "SIP"),
    ]
}
