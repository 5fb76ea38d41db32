import Bytes
package import Messages

/// What tells a request that accepted an execution apart, and what the target may know it by.
///
/// The replay marks a request alike in every pass over a trace and in every copy of a session, and so does who recorded
/// a correlation id in it: marks are shared by several requests.
package struct RequestIdentity: Hashable, Sendable {
    /// The same for deliveries that the target may take for one; `nil` where nothing tells requests apart.
    package var request: String?
    /// What may come back with its run.
    package var marks: [String]

    package init(request: String? = nil, marks: [String]) {
        self.request = request ?? marks.first
        self.marks = marks
    }

    /// Reads the head of a request as it was sent, in a pass over the trace and of a copy of its session.
    ///
    /// Who sends a key of idempotency once more asks for no further run.
    package init(_ head: Head, target: String, loop: UInt32, copy: UInt32) {
        func field(_ name: StaticString) -> String? {
            guard let index = head.fieldIndex(of: name) else { return nil }
            let text = String(decoding: head.bytes[head.fields[index].value], as: UTF8.self)
            return text.isEmpty ? nil : text
        }
        let mark = field("X-Tapedeck-Replay")
        marks = [field("X-Correlation-Id"), mark].compactMap { $0 }
        let key = field("Idempotency-Key") ?? field("X-Idempotency-Key") ?? field("Webhook-Id")
        request = key.map { "\(target) \($0)" } ?? mark.map { "\($0) \(loop).\(copy)" } ?? marks.first
    }
}
