import Anonymization
import Anonymizers
import Bytes
import Configuration
import Foundation
import Messages
import Testing

@Suite struct BuiltInRuleSetTests {
    private func anonymizer(_ set: RuleSet) -> Anonymizer {
        var generator = SystemRandomNumberGenerator()
        return Anonymizer(rules: set, key: PseudonymKey(using: &generator))
    }

    private func output(_ example: RuleExample, _ set: RuleSet) throws -> String {
        var anonymizer = anonymizer(set)
        let type =
            switch example.form {
            case .json: "application/json"
            case .form: "application/x-www-form-urlencoded"
            case .csv: "text/csv"
            case .text, .target, .header: "text/plain"
            }
        let target = example.form == .target ? example.input : "/"
        let header = example.form == .header ? "\(example.input)\r\n" : ""
        let head = "POST \(target) HTTP/1.1\r\nContent-Type: \(type)\r\n\(header)\r\n"
        let isBody = example.form != .target && example.form != .header
        var message = RawMessage(
            head: try Head(parsing: Array(head.utf8), kind: .request),
            body: isBody ? Array(example.input.utf8) : []
        )
        anonymizer.anonymize(&message)
        return String(decoding: isBody ? message.body : message.head.bytes, as: UTF8.self)
    }

    @Test(arguments: BuiltInRuleSets.all.map(\.name))
    func examplesHold(name: String) throws {
        let set = try AnonymizerChoice.ruleSet(name)
        #expect(set.name == name)
        #expect(!set.summary.isEmpty && !set.fingerprint.isEmpty)
        #expect(set.examples.contains { !$0.gone.isEmpty })
        #expect(set.examples.contains { $0.gone.isEmpty && $0.kept == [$0.input] })
        for example in set.examples {
            for text in example.gone + example.kept where !example.gone.isEmpty && example.gone.contains(text)
            {
                #expect(example.input.contains(text), "\(example.title): \(text) is not in the input")
            }
            let output = try output(example, set)
            for text in example.gone { #expect(!output.contains(text), "\(example.title): \(output)") }
            for text in example.kept { #expect(output.contains(text), "\(example.title): \(output)") }
        }
    }

    @Test func theTableEqualsTheFolder() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "Anonymizers")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        #expect(Set(files) == Set(BuiltInRuleSets.all.map { $0.name + ".yaml" }))
        for file in BuiltInRuleSets.all {
            let bytes = try Data(contentsOf: folder.appending(path: file.name + ".yaml"))
            #expect(Array(bytes) == file.yaml, "\(file.name)")
        }
        #expect(BuiltInRuleSets.usual == BuiltInRuleSets.all.map(\.name).filter { $0 != "strict" })
    }
}
