import Checks
import Configuration
import JSON
import Messages
import Testing

@Suite struct NoiseFileTests {
    static let model = NoiseModel(
        trace: "728d0685",
        runs: 3,
        headers: ["content-type", "x-\"odd\""],
        parameters: PathParameters([
            .init(prefix: "/jobs/", forms: ["j#", "#.json"]), .init(prefix: "/u/", exceptions: ["me: \"I\""]),
            .init(prefix: "/x/", forms: ["a#"], exceptions: []),
        ]),
        routes: [
            RouteNoise(
                name: "GET /a/{id}",
                answers: 21,
                fields: [
                    FieldNoise(field: "$", isUnordered: true, elements: 0...4, varied: 3),
                    FieldNoise(field: "$.a", values: .any, types: [.null, .string], varied: 1),
                    FieldNoise(
                        field: "$['odd: \"name\"']",
                        values: .pattern(TextPattern([.literal(Array("é.".utf8)), .run(.digit, 1...3)])),
                        varied: 2
                    ),
                    FieldNoise(
                        field: "$.c",
                        values: .set([
                            .null, .bool(true), .string("true"), .string("1"),
                            .number(JSONNumber(spelling: "1.50")), .string("a, b"),
                        ])
                    ),
                    FieldNoise(
                        field: "$.d",
                        values: .number(-1.5...2e10),
                        isOptional: true,
                        varied: 7,
                        added: 3
                    ),
                    FieldNoise(field: "$.e", values: .monotonic),
                    FieldNoise(
                        field: "$.f",
                        names: TextPattern([.literal(Array("usr_".utf8)), .run(.lowerHex, 8...8)])
                    ),
                    FieldNoise(field: "header etag", values: .shape(.uuid), varied: 21),
                ]
            ),
            RouteNoise(name: "POST /b", answers: 0, fields: []),
        ]
    )

    @Test func whatIsWrittenIsReadBack() throws {
        let yaml = NoiseFile.yaml(Self.model)
        #expect(try NoiseFile.model(yaml: Array(yaml.utf8), file: "n") == Self.model)
    }

    static let errors: [(yaml: String, message: String)] = [
        ("", "n: empty; 'tapedeck learn-noise' writes such a file"),
        ("runs: 3", "n:1:1: 'noise: 1' says that this is noise, in the first version of its form"),
        (
            "noise: 1\nroute: x",
            "n:2:1: unknown key 'route', did you mean 'routes'?; the file knows noise, trace, runs, headers, parameters, routes"
        ),
        (
            "noise: 1\nroutes:\n  - route: GET /a\n    answers: -1",
            "n:4:14: a whole number from 0 on is wanted here"
        ),
        (
            "noise: 1\nparameters: [{forms: [a#]}]",
            "n:2:14: a parameter stands 'behind' a path, such as /jobs/"
        ),
        (
            "noise: 1\nparameters: [{behind: /a, except: []}]",
            "n:2:23: a path with a slash at both ends, such as /jobs/"
        ),
        (
            "noise: 1\nparameters: [{behind: /a/}]",
            "n:2:14: 'forms' name which segments are parameters, such as [\"j#\"], or 'except' which are not"
        ),
        (
            field("varies: sometimes"),
            "n:5:17: a value varies as one of any, pattern, set, number, monotonic, timestamp, uuid, http-date"
        ),
        (field("varies: pattern"), "n:5:17: 'varies: pattern' needs 'pattern'"),
        (
            field("varies: pattern\n        pattern: 'a*'"),
            "n:6:18: a pattern that cannot be read at character 2: '*' needs a backslash before it; classes are [0-9] [0-9a-f] [0-9A-F] [a-z] [A-Z] [0-9a-z] [0-9A-Z] [A-Za-z] [0-9A-Za-z] ."
        ),
        (field("range: [1, 2]"), "n:5:16: 'range' needs 'varies: number'"),
        (
            field("varies: number\n        range: [3, 2]"),
            "n:6:16: two numbers are wanted here, the lesser first"
        ),
        (
            field("types: [text]"),
            "n:5:17: no type of JSON; there are null, bool, number, string, list, object"
        ),
        (
            field("varied: 7\n        added: 8"),
            "n:6:16: it was added in more answers than it varied in"
        ),
        (field("varied: 7"), "n:3:5: $.a varied in more answers than there were"),
    ]

    /// A file of one route with one field, `$.a`, of which the first keys are in line 5.
    static func field(_ keys: String) -> String {
        "noise: 1\nroutes:\n  - route: GET /a\n    fields:\n      - \(keys)\n        field: $.a\n"
    }

    @Test(arguments: errors)
    func whatCannotBeReadIsSaidWithItsPlace(_ row: (yaml: String, message: String)) {
        let error = #expect(throws: RulesFileError.self) {
            try NoiseFile.model(yaml: Array(row.yaml.utf8), file: "n")
        }
        #expect(error?.description == row.message)
    }
}
