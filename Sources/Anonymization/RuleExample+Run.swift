import Bytes
import Messages

extension RuleSet {
    /// What the examples of the set promise and the set does not hold, in a sentence each.
    package func brokenPromises() -> [String] {
        examples.flatMap { example in
            guard let output = output(of: example) else {
                return ["'\(example.title)': its request has no head that can be read"]
            }
            let stayed = example.gone.filter { output.contains($0) }.map { "is left of '\($0)'" }
            let lost = example.kept.filter { !output.contains($0) }.map { "is gone: '\($0)'" }
            return (stayed + lost).map { "'\(example.title)': \($0); it became \(output)" }
        }
    }

    /// What the set alone makes of the input of an example.
    package func output(of example: RuleExample) -> String? {
        guard let key = PseudonymKey([UInt8](repeating: 0x5A, count: PseudonymKey.byteCount)) else {
            return nil
        }
        var anonymizer = Anonymizer(rules: self, key: key)
        let type =
            switch example.form {
            case .json: "application/json"
            case .form: "application/x-www-form-urlencoded"
            case .csv: "text/csv"
            case .text, .target, .header: "text/plain"
            }
        let words = example.request.split(separator: " ", maxSplits: 1)
        let method = words.first ?? "POST"
        let target = example.form == .target ? example.input : String(words.count > 1 ? words[1] : "/")
        var lines = ["\(method) \(target) HTTP/1.1"]
        if !example.headers.contains(where: { $0.lowercased().hasPrefix("content-type:") }) {
            lines.append("Content-Type: \(type)")
        }
        lines += example.headers
        if example.form == .header { lines.append(example.input) }
        let head = lines.map { $0 + "\r\n" }.joined() + "\r\n"
        let isBody = example.form != .target && example.form != .header
        guard let parsed = try? Head(parsing: Array(head.utf8), kind: .request) else { return nil }
        var message = RawMessage(head: parsed, body: isBody ? Array(example.input.utf8) : [])
        anonymizer.anonymize(&message)
        return String(decoding: isBody ? message.body : message.head.bytes, as: UTF8.self)
    }
}
