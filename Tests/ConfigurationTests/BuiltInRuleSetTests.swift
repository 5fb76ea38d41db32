import Anonymization
import Anonymizers
import Configuration
import Foundation
import Testing

@Suite struct BuiltInRuleSetTests {
    @Test(arguments: BuiltInRuleSets.all.map(\.name))
    func examplesHold(name: String) throws {
        let set = try AnonymizerChoice.ruleSet(name)
        #expect(set.name == name)
        #expect(!set.summary.isEmpty && !set.fingerprint.isEmpty)
        #expect(set.examples.contains { !$0.gone.isEmpty })
        #expect(set.examples.contains { $0.gone.isEmpty && $0.kept == [$0.input] })
        for example in set.examples {
            for text in example.gone {
                #expect(example.input.contains(text), "\(example.title): \(text) is not in the input")
            }
        }
        #expect(set.brokenPromises() == [])
    }

    /// What a recording needs of a set must not depend on whether its examples are read.
    @Test(arguments: BuiltInRuleSets.all)
    func examplesCanBeLeftOut(file: BuiltInRuleSets.File) throws {
        var whole = try RuleSetFile.ruleSet(yaml: file.yaml, file: file.name)
        let short = try RuleSetFile.ruleSet(yaml: file.yaml, file: file.name, examples: false)
        #expect(short.examples.isEmpty, "examples stand last in a file")
        whole.examples = []
        #expect(whole == short)
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
