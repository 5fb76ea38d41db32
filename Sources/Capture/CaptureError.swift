/// Why capturing or reading a capture file is not possible, with what to do about it.
package struct CaptureError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        /// The process may not open packet sockets.
        case permissionDenied
        case unknownInterface
        case interfaceDown
        /// The filter expression is not one that libpcap compiles.
        case badFilter
        /// A file that cannot be opened or read.
        case unreadableFile
        /// Anything else that libpcap or the kernel reports.
        case failed
    }

    package let code: Code
    /// What happened and where, without a full stop.
    package let message: String
    /// What the user can do, as a sentence without a full stop.
    package let remedy: String?

    package init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

extension CaptureError: CustomStringConvertible {
    package var description: String {
        guard let remedy else { return message }
        return "\(message). \(remedy)"
    }
}

extension CaptureError {
    /// The process may not open packet sockets.
    ///
    /// - Parameter executable: Where the running program's file stands.
    package static func permissionDenied(interface: String, executable: String) -> CaptureError {
        CaptureError(
            .permissionDenied,
            "capturing on \(interface) is not permitted",
            remedy: "Run `sudo setcap cap_net_raw+ep \(executable)` once, or run as root"
        )
    }

    static func unknownInterface(_ name: String, existing: [CaptureInterface]) -> CaptureError {
        let names = existing.map(\.name).joined(separator: ", ")
        return CaptureError(
            .unknownInterface,
            "there is no interface \(name)",
            remedy: names.isEmpty ? nil : "These exist: \(names)"
        )
    }

    static func badFilter(_ expression: String, reason: String, link: LinkName) -> CaptureError {
        CaptureError(
            .badFilter,
            "the filter \"\(expression)\" does not compile for \(link.text): \(reason)",
            remedy: "The language is described in pcap-filter(7)"
        )
    }
}
