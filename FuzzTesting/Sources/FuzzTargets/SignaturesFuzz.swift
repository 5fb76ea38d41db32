import Bytes
import Messages
import Signatures

/// A request under every scheme: whatever stands in it can be checked, and what is signed is then right.
enum SignaturesFuzz {
    private static let now: Int64 = 1_800_000_000_000_000_000
    private static let url = "https://hooks.example"

    /// A text, hexadecimal, base64, and either half of a key pair.
    private static let secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

    private static let credentials: [SignatureCredential] = SchemeDirectory.builtIn.schemes.map { scheme in
        do {
            return try SignatureCredential(scheme, [SigningSecret(Array(secret.utf8))], url: url)
        } catch {
            preconditionFailure("\(scheme.name): \(error)")
        }
    }

    static func run(_ input: Span<UInt8>) {
        let bytes = Array(input)
        guard let end = endOfHead(bytes), let head = try? Head(parsing: Array(bytes[..<end]), kind: .request)
        else {
            return
        }
        let body = Array(bytes[end...])
        _ = SchemeDirectory.builtIn.recognise(head, body: body.span)
        for credential in credentials {
            let scheme = credential.scheme
            _ = credential.verify(head, body: body.span, as: scheme, at: now)
            _ = scheme.isMalformed(head, body: body.span)
            _ = scheme.age(of: head, body: body.span, at: now)
            for manner in [SigningManner.right, .wrong] {
                let occasion = SigningOccasion(
                    now: now,
                    origin: [],
                    renewal: DeliveryRenewal(run: "fuzz", pass: 0),
                    recorded: now - 1_000_000_000
                )
                let edits = credential.edits(
                    for: head,
                    body: body,
                    as: scheme,
                    manner,
                    occasion,
                    age: 0,
                    in: .builtIn
                )
                guard let edits, let signed = apply(edits, to: head) else { continue }
                let made = edits.body ?? body
                let state = credential.verify(signed, body: made.span, as: scheme, at: now)
                // A token may have been out of time when it was recorded, and is so again.
                let isRight = state == .valid || state == .stale && scheme.name == "jwt"
                precondition(isRight == (manner == .right), "\(scheme.name): \(manner) is \(state)")
            }
        }
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[($0 - 4)..<$0].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) }
    }

    /// The head as it would be sent; `nil` where the original cannot be written again line by line.
    private static func apply(_ edits: SignatureEdits, to head: Head) -> Head? {
        guard case .request(let method, let target) = head.start, head.version == .http11 else { return nil }
        var text = Array(head.bytes[method]) + [0x20] + (edits.target ?? Array(head.bytes[target]))
        text += Array(" HTTP/1.1\r\n".utf8)
        var left = edits.fields
        for field in head.fields {
            let name = Array(head.bytes[field.name])
            let spelled = String(decoding: name, as: UTF8.self).lowercased()
            let edit = edits.fields.first { $0.name.lowercased() == spelled }
            left.removeAll { $0.name.lowercased() == spelled }
            text += name + [0x3A, 0x20] + (edit?.value ?? Array(head.bytes[field.value])) + [0x0D, 0x0A]
        }
        for (name, value) in left { text += Array(name.utf8) + [0x3A, 0x20] + value + [0x0D, 0x0A] }
        guard let parsed = try? Head(parsing: text + [0x0D, 0x0A], kind: .request),
            parsed.fields.count == head.fields.count + left.count
        else { return nil }
        return parsed
    }
}
