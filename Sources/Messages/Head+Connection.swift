import Bytes

extension Head {
    /// Whether the connection lives on after this message, as far as its head tells (RFC 9112, section 9.3); O(fields).
    package var keepsConnection: Bool {
        var keeps = version != .http10
        var index = fieldIndex(of: "connection")
        while let place = index {
            let value = value(of: fields[place])
            if value.hasListMember("close") { return false }
            if version == .http10, value.hasListMember("keep-alive") { keeps = true }
            index = fieldIndex(of: "connection", from: place &+ 1)
        }
        return keeps
    }
}

extension Span where Element == UInt8 {
    /// Whether a list separated by commas has the member `name`, letter case aside (RFC 9110, section 5.6.1).
    fileprivate func hasListMember(_ name: StaticString) -> Bool {
        var start = 0
        while start <= count {
            let comma = firstIndex(of: 0x2C, from: start) ?? count
            var low = start
            var high = comma
            while low < high, self[low] == 0x20 || self[low] == 0x09 { low &+= 1 }
            while high > low, self[high &- 1] == 0x20 || self[high &- 1] == 0x09 { high &-= 1 }
            if extracting(low..<high).equalsIgnoringCase(name) { return true }
            start = comma &+ 1
        }
        return false
    }
}
