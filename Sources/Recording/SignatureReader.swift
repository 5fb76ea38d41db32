import Messages
import Packets
package import Signatures
import Traces

/// Says what is known of the signatures of requests, before anything of them is rewritten.
package struct SignatureReader: Sendable {
    /// What was read of one request.
    struct Reading {
        var signature: RecordedSignature?
        /// What stands in the signature's place can be no signature.
        var isMalformed = false
    }

    private let credentials: [SignatureCredential]
    private let directory: SchemeDirectory

    /// `credentials` are those of the senders; the first that is for a request counts.
    package init(_ credentials: [SignatureCredential] = [], schemes: SchemeDirectory = .builtIn) {
        self.credentials = credentials
        directory = schemes
    }

    /// Whether it takes the whole body to say anything.
    var needsBody: Bool { !credentials.isEmpty }

    /// The scheme and state of a request's signature; nothing where none is there and none is expected.
    ///
    /// One over a body that is not all there stays unverified. `time` is when the request began.
    func read(_ head: Head, body: Span<UInt8>, isComplete: Bool, at time: PacketTime) -> Reading {
        guard let scheme = directory.recognise(head, body: isComplete ? body : Span()) else {
            return unrecognised(head, body: body)
        }
        guard isComplete, let credential = credentials.first(where: { $0.covers(scheme, head) }) else {
            return reading(scheme, .unverified)
        }
        let state = credential.verify(head, body: body, as: scheme, at: time.nanoseconds)
        return reading(scheme, state, isMalformed: state == .invalid && scheme.isMalformed(head, body: body))
    }

    /// A request without a signature of a known form: one is expected where there is a secret for it, on a POST with a
    /// body, and on whatever a secret of its own selects.
    private func unrecognised(_ head: Head, body: Span<UInt8>) -> Reading {
        guard !credentials.isEmpty else { return Reading() }
        let candidates = credentials.filter { $0.selection.matches(head) }
        // The field of a scheme that is known here, with a value that no sender of it would make.
        if let spoiled = candidates.first(where: { $0.scheme.isFieldPresent(in: head) }) {
            return reading(spoiled.scheme, .invalid, isMalformed: true)
        }
        let isPost = head.method.count == 4 && body.count > 0 && head.method.isPost
        let expected =
            candidates.first { $0.isScoped } ?? candidates.first { $0.scheme.isMarked(head) && isPost }
            ?? candidates.first
        guard let expected, expected.isScoped || isPost else { return Reading() }
        return reading(expected.scheme, .missing)
    }

    private func reading(
        _ scheme: WebhookScheme,
        _ state: SignatureState,
        isMalformed: Bool = false
    ) -> Reading {
        Reading(
            signature: RecordedSignature(scheme: scheme.name, state: state.rawValue),
            isMalformed: isMalformed
        )
    }
}

extension Span where Element == UInt8 {
    fileprivate var isPost: Bool {
        count == 4 && self[0] == 0x50 && self[1] == 0x4F && self[2] == 0x53 && self[3] == 0x54
    }
}
