import Anonymization
import Configuration
import Testing

@Suite struct RuleSetFileTests {
    private func read(_ yaml: String) throws -> RuleSet {
        try RuleSetFile.ruleSet(yaml: Array(yaml.utf8), file: "my.yaml")
    }

    @Test func everythingAFileCanSay() throws {
        let set = try read(
            """
            name: my-rules
            description: Mine.
            detect: [email, national-id]
            strings: {action: mask}
            fields:
              - names: [badge]
                under: [employee]
                in: [json, path]
                action: pseudonymize
                as: digits
                inside: true
              - {names: ["*note"], action: redact}
            headers:
              - {names: [X-Badge], action: keep}
            examples:
              - {title: t, type: json, input: "{}", kept: ["{}"]}
            """
        )
        #expect(set.name == "my-rules" && set.summary == "Mine." && set.fingerprint.count == 16)
        #expect(set.detectors == [.email, .nationalID])
        #expect(set.otherStrings == Treatment(.mask, as: .text))
        let badge = FieldRule(
            names: ["badge"],
            parents: ["employee"],
            places: [.json, .path],
            treatment: Treatment(.pseudonymize, as: .digits, isDeep: true)
        )
        #expect(set.fields == [badge, FieldRule(names: ["*note"], treatment: Treatment(.redact, as: .text))])
        #expect(set.headers == [HeaderRule(names: ["X-Badge"], treatment: Treatment(.keep, as: .text))])
        #expect(set.examples == [RuleExample(title: "t", form: .json, input: "{}", gone: [], kept: ["{}"])])
        #expect(
            try read("name: a").fingerprint != read("name: a ").fingerprint,
            "the file counts, not its sense"
        )
    }

    @Test(arguments: [
        ("", "my.yaml: an empty file; a rule set has a name"),
        ("detect: [email]", "my.yaml:1:1: a rule set has a 'name'"),
        ("name: My Rules", "my.yaml:1:7: a name has up to 64 small letters, digits and hyphens"),
        (
            "name: a\ndetects: [email]",
            "my.yaml:2:1: unknown key 'detects'; a rule set knows name, description, detect, fields, headers, "
                + "strings, examples"
        ),
        (
            "name: a\ndetect: [mail]",
            "my.yaml:2:9: no detector 'mail'; there are email, card, phone, ip, national-id, iban, jwt, token"
        ),
        ("name: a\nfields:\n  - action: keep", "my.yaml:3:5: a rule for fields has 'names'"),
        ("name: a\nfields:\n  - names: []\n    action: keep", "my.yaml:3:12: an empty list names nothing"),
        ("name: a\nfields:\n  - names: [x]", "my.yaml:3:5: an 'action' is missing here"),
        (
            "name: a\nfields:\n  - {names: [x], action: hide}",
            "my.yaml:3:26: unknown action 'hide'; there are keep, redact, mask, pseudonymize"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: pseudonymize}",
            "my.yaml:3:5: 'pseudonymize' needs 'as', what the value is"
        ),
        ("name: a\nfields: x", "my.yaml:2:9: 'fields' is a list"),
    ])
    func mistakesAreNamedWithTheirPlace(yaml: String, message: String) {
        let error = #expect(throws: RuleSetError.self) { try read(yaml) }
        #expect(error?.description == message)
    }

    @Test(arguments: ["name: [a", "\u{1}", "name: a\nname: b"])
    func whatIsNoYAMLIsSaidToBeNone(yaml: String) {
        let error = #expect(throws: RuleSetError.self) { try read(yaml) }
        #expect(error?.description.hasPrefix("my.yaml:") == true)
    }

    @Test func laterRulesCountAndKeepProtects() throws {
        let keep = try read("name: mine\nfields:\n  - {names: [email], action: keep}")
        let sets = try AnonymizerChoice.usual() + [keep]
        #expect(sets.count == 7)
        #expect(throws: AnonymizerChoice.UnknownRuleSet.self) { try AnonymizerChoice.ruleSet("no-such-set") }
    }
}
