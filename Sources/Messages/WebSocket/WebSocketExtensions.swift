import Bytes

/// The extensions that the server's answer says are in use on a WebSocket connection (RFC 6455, section 9.1).
package struct WebSocketExtensions: Hashable, Sendable {
    /// How messages are compressed (RFC 7692); `nil` where they are not.
    package var deflate: PermessageDeflate?
    /// Extensions that are not known here; what their bits say cannot be read.
    package var hasOthers = false

    /// What permessage-deflate agreed on. Windows may be of any size: the largest reads what a smaller one wrote.
    package struct PermessageDeflate: Hashable, Sendable {
        /// Whether the client's messages may point back into those before (no `client_no_context_takeover`).
        package var clientKeepsWindow = true
        package var serverKeepsWindow = true

        package init(clientKeepsWindow: Bool = true, serverKeepsWindow: Bool = true) {
            self.clientKeepsWindow = clientKeepsWindow
            self.serverKeepsWindow = serverKeepsWindow
        }

        func keepsWindow(of kind: MessageKind) -> Bool {
            kind == .request ? clientKeepsWindow : serverKeepsWindow
        }
    }

    package init(deflate: PermessageDeflate? = nil, hasOthers: Bool = false) {
        self.deflate = deflate
        self.hasOthers = hasOthers
    }

    /// Reads every Sec-WebSocket-Extensions field of the server's answer.
    package init(_ response: borrowing Head) {
        var index = response.fieldIndex(of: "sec-websocket-extensions" as StaticString)
        while let field = index {
            read(response.value(of: response.fields[field]))
            index = response.fieldIndex(of: "sec-websocket-extensions" as StaticString, from: field &+ 1)
        }
    }

    private mutating func read(_ list: Span<UInt8>) {
        var start = 0
        while start < list.count {
            let end = list.firstIndex(of: .comma, from: start) ?? list.count
            readExtension(list.extracting(start..<end))
            start = end &+ 1
        }
    }

    private mutating func readExtension(_ item: Span<UInt8>) {
        var end = item.firstIndex(of: .semicolon) ?? item.count
        let name = item.extracting(item.trimmed(0..<end))
        guard !name.isEmpty else { return }
        guard name.equalsIgnoringCase("permessage-deflate"), deflate == nil else {
            hasOthers = true
            return
        }
        var deflate = PermessageDeflate()
        while end < item.count {
            let start = end &+ 1
            end = item.firstIndex(of: .semicolon, from: start) ?? item.count
            let equals = item.firstIndex(of: UInt8(ascii: "="), from: start) ?? end
            let parameter = item.extracting(item.trimmed(start..<min(equals, end)))
            if parameter.equalsIgnoringCase("client_no_context_takeover") {
                deflate.clientKeepsWindow = false
            }
            if parameter.equalsIgnoringCase("server_no_context_takeover") {
                deflate.serverKeepsWindow = false
            }
        }
        self.deflate = deflate
    }

    var isNone: Bool { deflate == nil && !hasOthers }
}
