/// A whole answer; `Date` and `Content-Length` are added by whoever writes it.
package struct MeshReply: Sendable {
    package var status: Int
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, fields: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    package static func json(_ status: Int, _ body: [UInt8]) -> MeshReply {
        MeshReply(status: status, fields: [("Content-Type", "application/json")], body: body)
    }

    /// `{"error":…,"message":…}`; `error` is stable, `message` is for people.
    package static func failure(_ status: Int, _ error: String, _ message: String? = nil) -> MeshReply {
        .json(
            status,
            JSONText.object {
                $0.member("error", error)
                if let message { $0.member("message", message) }
            }
        )
    }

    package func adding(_ name: String, _ value: String) -> MeshReply {
        var reply = self
        reply.fields.append((name, value))
        return reply
    }
}

/// What the core makes of a request.
package enum MeshAnswer: Sendable {
    case reply(MeshReply)
    /// Server-sent events follow: to be pulled with `MeshState.pull` until they end, or dropped with `closeStream`.
    case stream(MeshStreamID)
}

/// Names an open event stream; never used twice.
package struct MeshStreamID: Sendable, Hashable {
    var number: UInt64
}
