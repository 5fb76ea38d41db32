package import Packets

/// What a name stands for at one port, as `curl --resolve` takes it: `HOST:PORT:ADDRESS[,ADDRESS]`.
package struct ResolvedName: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// At least one.
    package let addresses: [IPAddress]

    package init(_ text: String) throws(UnreadableValue) {
        func refuse(_ reason: String) -> UnreadableValue {
            UnreadableValue(text: text, kind: "resolved name", reason: reason)
        }
        let name: Substring
        let rest: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw refuse("']' is missing") }
            name = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            name = text.prefix { $0 != ":" }
            rest = text.dropFirst(name.count)
        }
        let shape = "give one like api.example:443:10.0.0.7"
        let parts = rest.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.count == 3, parts[0].isEmpty else { throw refuse(shape) }
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(parts[1]), port > 0
        else { throw refuse("the port must be 1 to 65535") }
        var addresses: [IPAddress] = []
        for part in parts[2].split(separator: ",", omittingEmptySubsequences: false) {
            let isBracketed = part.hasPrefix("[") && part.hasSuffix("]")
            guard let address = IPAddress(String(isBracketed ? part.dropFirst().dropLast() : part)) else {
                throw refuse(part.isEmpty ? shape : "'\(part)' is no address")
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        host = name.lowercased()
        self.port = port
        self.addresses = addresses
    }

    /// What a resolver has said; `nil` where no address can be read.
    package init?(_ host: String, _ port: UInt16, _ addresses: [String]) {
        self.host = host
        self.port = port
        self.addresses = addresses.compactMap { IPAddress($0) }
        if self.addresses.isEmpty { return nil }
    }

    /// Whether it is said of the target's host and port.
    func isName(of target: ReplayTarget) -> Bool { host == target.host && port == target.port }

    package var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        let list = addresses.map { $0.isIPv4 ? "\($0)" : "[\($0)]" }
        return "\(name):\(port):\(list.joined(separator: ","))"
    }
}
