import Anonymization
import ArgumentParser
import Configuration
import Glibc
import Messages
import Reports

/// `tapedeck anonymizers try`: what rule sets make of one message.
struct AnonymizersTryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Anonymize one body from standard input, and tell what was changed by which rule.",
        discussion: """
            Example:
              tapedeck anonymizers try mine.yaml --request 'POST /users?mail=ada@navy.mil' \\
                --header 'X-User: Ada' --type application/json < body.json

            The rule sets that record applies are applied, and those named after them; --only leaves it to those \
            named. The body goes to standard output; what was changed goes to standard error, with the head where \
            it was changed.
            """
    )

    @Argument(help: ArgumentHelp("Rule sets: built-in ones, or YAML files.", valueName: "name|file"))
    var anonymizer: [String] = []

    @Flag(help: "Without the rule sets that apply by default.")
    var only = false

    @Option(help: "Content-Type of the body; guessed from the body without one.")
    var type: String?

    @Option(help: "Method and target of the request.")
    var request = "POST /"

    @Option(help: "Header line of the request; may be repeated.")
    var header: [String] = []

    @Option(
        help: ArgumentHelp("Key of the pseudonyms, made on first use; random without one.", valueName: "file")
    )
    var keyFile: String?

    /// Longer bodies are refused.
    private static let maximumBody = 64 << 20

    func run() throws {
        let body = try Self.standardInput()
        let message = RawMessage(head: try head(type ?? Self.type(of: body)), body: body)
        let ruleSets = try ruleSets()
        let key: PseudonymKey
        do {
            key = try keyFile.map { try KeyFile.load($0) } ?? KeyFile.ephemeral()
        } catch {
            throw CommandFailure("\(error)")
        }
        var anonymizer = Anonymizer(ruleSets: ruleSets, key: key)
        var made = message
        anonymizer.anonymize(&made)
        StandardOutput.write(made.body)
        StandardOutput.flush()
        if made.head.bytes != message.head.bytes {
            StandardError.print(PrintableHead.text(made.head))
        }
        var counter = Anonymizer(ruleSets: ruleSets, key: key)
        counter.tally = ChangeTally()
        var shown = message
        counter.anonymize(&shown)
        StandardError.print(ChangeTable.text(counter.changes))
    }

    private func ruleSets() throws -> [RuleSet] {
        guard only else { return try RecordingPlan.Anonymizing.ruleSets(adding: anonymizer) }
        guard !anonymizer.isEmpty else { throw CommandFailure("--only needs a rule set to apply") }
        do {
            return try anonymizer.map { try AnonymizerChoice.ruleSet($0) }
        } catch {
            throw CommandFailure("\(error)")
        }
    }

    /// What a body looks like, by its first byte and by whether it can be a form.
    private static func type(of body: [UInt8]) -> String {
        let text = body.drop { $0 <= 0x20 }
        switch text.first {
        case 0x7B, 0x5B: return "application/json"
        case 0x3C: return "application/xml"
        default:
            let isForm = text.contains(0x3D) && text.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x0A }
            return isForm ? "application/x-www-form-urlencoded" : "text/plain"
        }
    }

    private func head(_ type: String) throws -> Head {
        var lines = ["\(request) HTTP/1.1"]
        lines += header
        if !header.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
            lines.append("Content-Type: \(type)")
        }
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        do {
            return try Head(parsing: bytes, kind: .request)
        } catch {
            throw CommandFailure("--request and --header make no head of a request: \(error)")
        }
    }

    private static func standardInput() throws -> [UInt8] {
        var body: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandFailure("standard input: \(String(cString: strerror(errno)))")
            }
            guard count > 0 else { return body }
            body.append(contentsOf: chunk[..<count])
            guard body.count <= maximumBody else {
                throw CommandFailure("standard input: longer than \(maximumBody) bytes")
            }
        }
    }
}

/// A head as lines without control characters.
private enum PrintableHead {
    static func text(_ head: borrowing Head) -> String {
        var text = String(decoding: head.bytes, as: UTF8.self)
        text.removeAll { $0 != "\n" && $0 != "\r\n" && $0.unicodeScalars.contains { $0.value < 0x20 } }
        return text.replacing("\r\n", with: "\n")
    }
}
