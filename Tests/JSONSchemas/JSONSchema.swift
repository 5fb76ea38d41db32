import Foundation

/// Holds JSON against a schema by Python's jsonschema.
package enum JSONSchema {
    /// The schema is none, or a text is no JSON.
    package struct Unreadable: Error { package var path: String }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// What is said of each text, `ok` or what is wrong first; `nil` where jsonschema is not installed.
    ///
    /// `path` is below the project. With `isClosed`, members that the schema does not describe are wrong too: a published
    /// schema allows them, since later versions may add some, and this one is to describe what it writes.
    package static func verdicts(_ texts: [[UInt8]], _ path: String, isClosed: Bool = false) throws
        -> [String]?
    {
        let script = """
            import json, sys
            try:
                import jsonschema
            except ImportError:
                sys.exit(9)
            def close(schema):
                if isinstance(schema, dict):
                    if "properties" in schema and isinstance(schema["properties"], dict):
                        schema.setdefault("additionalProperties", False)
                    for value in schema.values(): close(value)
                elif isinstance(schema, list):
                    for value in schema: close(value)
            schema = json.load(open(sys.argv[1]))
            jsonschema.Draft202012Validator.check_schema(schema)
            if sys.argv[2] == "closed": close(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for text in json.load(sys.stdin):
                errors = ("%s: %s" % (e.json_path, e.message) for e in validator.iter_errors(json.loads(text)))
                print(min((e.replace("\\n", " ")[:400] for e in errors), default="ok"))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", script, root.appending(path: path).path, isClosed ? "closed" : "open",
        ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let list = texts.map { String(decoding: $0, as: UTF8.self) }
        input.fileHandleForWriting.write(try JSONSerialization.data(withJSONObject: list))
        try input.fileHandleForWriting.close()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus == 9 { return nil }
        guard process.terminationStatus == 0 else { throw Unreadable(path: path) }
        return String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
