import Anonymization
import Anonymizers
import Bytes
import Configuration
import Foundation
import Messages
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
            "my.yaml:2:1: unknown key 'detects', did you mean 'detect'?; a rule set knows name, description, when, "
                + "detect, fields, parameters, headers, strings, examples"
        ),
        (
            "name: a\ndetect: [mail]",
            "my.yaml:2:9: no detector 'mail'; there are email, card, phone, ip, name, date, national-id, iban, jwt, "
                + "token, mac, uuid, bic, coordinates, address"
        ),
        ("name: a\nfields:\n  - action: keep", "my.yaml:3:5: a rule for fields has 'names' or 'paths'"),
        ("name: a\nfields:\n  - names: []\n    action: keep", "my.yaml:3:12: an empty list names nothing"),
        ("name: a\nfields:\n  - names: [x]", "my.yaml:3:5: an 'action' is missing here"),
        (
            "name: a\nfields:\n  - {names: [x], action: hide}",
            "my.yaml:3:26: unknown action 'hide'; there are keep, redact, mask, pseudonymize, shift, bucket, drop"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: pseudonymize}",
            "my.yaml:3:5: 'pseudonymize' needs 'as', what the value is"
        ),
        ("name: a\nfields: x", "my.yaml:2:9: 'fields' is a list"),
        (
            "name: a\nfields:\n  - {names: [x], action: pseudonymise, as: name}",
            "my.yaml:3:26: unknown action 'pseudonymise', did you mean 'pseudonymize'?; there are keep, redact, mask, "
                + "pseudonymize, shift, bucket, drop"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: drop, in: [json, path]}",
            "my.yaml:3:36: a segment of a path cannot be dropped; redact or pseudonymize it"
        ),
        (
            "name: a\nheaders:\n  - {names: [Content-Length], action: drop}",
            "my.yaml:3:13: 'Content-Length' cannot be dropped: the message could not be read without it"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: bucket}",
            "my.yaml:3:5: 'bucket' needs either 'size' or 'edges'"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: bucket, size: 0}",
            "my.yaml:3:40: a size is more than 0"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: bucket, edges: [5, 1]}",
            "my.yaml:3:41: 'edges' are numbers, each more than the one before"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: mask, size: 5}",
            "my.yaml:3:38: 'size' belongs to the action 'bucket'"
        ),
        (
            "name: a\nfields:\n  - {names: [x], action: shift, by: 2w}",
            "my.yaml:3:37: 'by' is a number of days from 1d to 36500d, such as 30d"
        ),
        (
            "name: a\nfields:\n  - {paths: ['$.a['], action: mask}",
            "my.yaml:3:14: '$.a[' is no JSON path: it has an open bracket"
        ),
        (
            "name: a\nfields:\n  - {paths: ['$'], action: mask}",
            "my.yaml:3:14: '$' is the whole text; name a value in it"
        ),
        (
            "name: a\nfields:\n  - {names: [x], route: hooks, action: mask}",
            "my.yaml:3:25: 'hooks' is no route: write 'POST /hooks/{slug}', '/runs/*' or 'GET /api/**'"
        ),
        (
            "name: a\nfields:\n  - {names: [x], direction: reply, action: mask}",
            "my.yaml:3:29: unknown direction 'reply'; there are request, response"
        ),
        (
            "name: a\nwhen: ['status=500']",
            "my.yaml:2:8: a rule cannot ask for the status: it is not known when the request is written"
        ),
    ])
    func mistakesAreNamedWithTheirPlace(yaml: String, message: String) {
        let error = #expect(throws: RulesFileError.self) { try read(yaml) }
        #expect(error?.description == message)
    }

    @Test(arguments: ["name: [a", "\u{1}", "name: a\nname: b"])
    func whatIsNoYAMLIsSaidToBeNone(yaml: String) {
        let error = #expect(throws: RulesFileError.self) { try read(yaml) }
        #expect(error?.description.hasPrefix("my.yaml:") == true)
    }

    /// What an anonymizer with the usual rule sets and one more makes of a JSON body.
    private func anonymized(_ body: String, adding yaml: String) throws -> String {
        var anonymizer = Anonymizer(
            ruleSets: try AnonymizerChoice.usual() + [read(yaml)],
            key: KeyFile.ephemeral()
        )
        let head = Array("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n".utf8)
        var message = RawMessage(head: try Head(parsing: head, kind: .request), body: Array(body.utf8))
        anonymizer.anonymize(&message)
        return String(decoding: message.body, as: UTF8.self)
    }

    @Test(arguments: [
        // The last rule for a name counts, and what is kept no detector touches.
        ("{names: [email], action: keep}", #"{"email":"ada@navy.mil"}"#, #"{"email":"ada@navy.mil"}"#),
        ("{names: [n], action: redact}", #"{"n":[12,"x",null,true]}"#, #"{"n":[0,"redacted",null,true]}"#),
        ("{names: [n], action: mask}", #"{"n":["Ada-7",-120,{"a":"b"}]}"#, #"{"n":["xxx-0",0,{"a":"b"}]}"#),
        ("{names: [n], action: mask, inside: true}", #"{"n":{"a":["Ada"]}}"#, #"{"n":{"a":["xxx"]}}"#),
        // Endings in whole words only; the longest counts.
        (
            "{names: [\"*id\"], action: mask}", #"{"userId":"a","u-id":"a","paid":"a"}"#,
            #"{"userId":"x","u-id":"x","paid":"a"}"#
        ),
        // Only below its parent, and through arrays.
        (
            "{names: [n], under: [p], action: mask}", #"{"p":[{"n":"a"}],"n":"a"}"#,
            #"{"p":[{"n":"x"}],"n":"a"}"#
        ),
    ])
    func rulesInJSON(rule: String, body: String, expected: String) throws {
        #expect(try anonymized(body, adding: "name: mine\nfields:\n  - \(rule)") == expected)
    }

    @Test func strictReplacesEveryStringThatNoRuleKeeps() throws {
        let text = try anonymized(
            #"{"event":"paid","x":["free text"],"n":1}"#,
            adding: "name: s\nstrings: {action: mask}"
        )
        #expect(text == #"{"event":"xxxx","x":["xxxx xxxx"],"n":1}"#)
    }

    @Test func theExampleOfTheDocumentationHolds() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/anonymization.md")
        let blocks = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
        let yaml = try #require(blocks.first { $0.hasPrefix("yaml\n") }).dropFirst(5)
        let example = try #require(try read(String(yaml)).examples.first)
        let text = try anonymized(example.input, adding: String(yaml))
        for gone in example.gone { #expect(!text.contains(gone)) }
        for kept in example.kept { #expect(text.contains(kept)) }
    }

    @Test func namesOfRuleSets() throws {
        #expect(try AnonymizerChoice.usual().map(\.name) == BuiltInRuleSets.usual)
        #expect(throws: AnonymizerChoice.UnknownRuleSet.self) { try AnonymizerChoice.ruleSet("no-such-set") }
    }
}
