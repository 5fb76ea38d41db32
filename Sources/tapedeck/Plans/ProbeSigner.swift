import Configuration
import LoadPlans
import Messages
import Signatures

/// Signs the requests of a probe, rightly or not, as it asks for.
struct ProbeSigner: Sendable {
    private let credential: SignatureCredential
    private let directory: SchemeDirectory
    private let manner: Probe.Signature
    private let authority: String

    /// How old a stale signature is: a day, beyond what any receiver lets pass, in nanoseconds.
    private static let staleness: Int64 = 86_400_000_000_000

    /// `nil` where nothing is to be signed.
    init?(_ probe: Probe, authority: String) throws {
        guard let manner = probe.signature, manner != .missing else { return nil }
        let settings = try SecretOptions.read(
            probe.signing,
            option: "'sign' of probe \(probe.name)",
            signs: true
        )
        guard let credential = settings.credentials.first else { return nil }
        self.credential = credential
        directory = settings.directory
        self.manner = manner
        self.authority = authority
    }

    /// The field lines with what signing puts among them; `nil` where the scheme has no place in such a request.
    func signed(_ question: ProbeCourse.Question, headers: [String], body: [UInt8], at now: Int64)
        -> [String]?
    {
        let age = manner == .stale ? Self.staleness : 0
        guard let right = edited(question, headers, body, .right, age: age, now) else { return nil }
        // Over a right one, so that a forged one has times and identifiers as well.
        return manner == .forged ? edited(question, right, body, .wrong, age: 0, now) : right
    }

    private func edited(
        _ question: ProbeCourse.Question,
        _ headers: [String],
        _ body: [UInt8],
        _ manner: SigningManner,
        age: Int64,
        _ now: Int64
    ) -> [String]? {
        let lines = ["\(question.method) \(question.target) HTTP/1.1", "Host: \(authority)"] + headers
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        guard let head = try? Head(parsing: bytes, kind: .request) else { return nil }
        let occasion = SigningOccasion(
            now: now,
            origin: Array("http://\(authority)".utf8),
            renewal: .none,
            recorded: now
        )
        let edits = credential.edits(
            for: head,
            body: body,
            as: credential.scheme,
            manner,
            occasion,
            age: age,
            in: directory
        )
        guard let edits, edits.target == nil, edits.body == nil else { return nil }
        var edited = headers
        for (name, value) in edits.fields {
            edited.removeAll { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            edited.append("\(name): \(String(decoding: value, as: UTF8.self))")
        }
        return edited
    }
}
