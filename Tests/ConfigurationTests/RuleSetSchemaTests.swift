import Foundation
import Testing

/// The published schema, against every built-in file and against what the loader refuses.
@Suite struct RuleSetSchemaTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What Python's jsonschema says of YAML texts, a line each; `nil` where it is not installed.
    static func verdicts(_ texts: [String], schema name: String = "rule-set.schema.json") throws -> [String]?
    {
        let script = """
            import json, sys
            try:
                import jsonschema, yaml
            except ImportError:
                sys.exit(9)
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for text in json.load(sys.stdin):
                print(min((e.message.replace("\\n", " ") for e in validator.iter_errors(yaml.safe_load(text))), default="ok"))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let schema = root.appending(path: "Documentation/schemas/\(name)").path
        process.arguments = ["python3", "-c", script, schema]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(try JSONSerialization.data(withJSONObject: texts))
        try input.fileHandleForWriting.close()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 9 { return nil }
        #expect(process.terminationStatus == 0)
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func everyBuiltInFileIsValid() throws {
        let folder = Self.root.appending(path: "Anonymizers")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".yaml")
        }
        let texts = try names.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        guard let verdicts = try Self.verdicts(texts) else { return }
        for (name, verdict) in zip(names, verdicts) { #expect(verdict == "ok", "\(name)") }
        #expect(verdicts.count == names.count)
    }

    @Test func whatTheLoaderRefusesIsInvalid() throws {
        let texts = [
            "detect: [email]", "name: My Rules", "name: a\ndetects: [email]", "name: a\nfields: x",
            "name: a\nfields:\n  - action: keep", "name: a\nfields:\n  - {names: [], action: keep}",
            "name: a\nfields:\n  - {names: [x]}", "name: a\nfields:\n  - {names: [x], action: hide}",
            "name: a\nfields:\n  - {names: [x], action: pseudonymize}",
            "name: a\nfields:\n  - {names: [x], action: bucket}",
            "name: a\nfields:\n  - {names: [x], action: mask, size: 5}",
            "name: a\nfields:\n  - {names: [x], action: shift, by: 2w}",
            "name: a\nfields:\n  - {names: [x], action: shift, as: date}",
            "name: a\nfields:\n  - {names: [x], action: keep, direction: reply}",
            "name: a\nheaders:\n  - {names: [x], action: keep, in: [json]}",
            "name: a\nexamples:\n  - {title: t, type: json, input: x}",
        ]
        guard let verdicts = try Self.verdicts(texts) else { return }
        #expect(verdicts.count == texts.count)
        for (text, verdict) in zip(texts, verdicts) { #expect(verdict != "ok", "\(text)") }
    }
}
