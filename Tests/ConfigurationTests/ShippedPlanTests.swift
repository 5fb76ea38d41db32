import Configuration
import Foundation
import LoadPlans
import Testing

/// The plans that come with the project are plans: for the reader, and for the schema that is published.
@Suite struct ShippedPlanTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let template = LoadPlanTemplate.yaml(
        trace: "/hooks.trace.gz",
        target: "http://127.0.0.1:8080"
    )

    private static func load(_ yaml: String) throws -> LoadPlanFile {
        try LoadPlanFile(yaml: Array(yaml.utf8), file: "plan.yaml", folder: "/at/")
    }

    /// The template with all that it switches off; with `others` in the places of what they may stand for.
    private static func unfolded(others: Bool) -> String {
        var parts: [String] = []
        for part in template.components(separatedBy: "\n\n") {
            if others, part.contains("\n#| ") { parts.removeLast() }
            parts.append(others ? part.replacing("#| ", with: "") : part)
        }
        return parts.joined(separator: "\n\n").replacing("#: ", with: "")
    }

    private static func expectValid(_ texts: [String]) throws {
        guard let verdicts = try RuleSetSchemaTests.verdicts(texts, schema: "load-plan.json") else { return }
        #expect(verdicts == texts.map { _ in "ok" })
    }

    /// A first run takes a trace and a target, and nothing that has to be set up before.
    @Test func theTemplateAsItIs() throws {
        let plan = try Self.load(Self.template).plan
        #expect(plan.stages.map(\.name) == ["smoke", "baseline", "ramp", "spike", "soak"])
        #expect(plan.tenants.isEmpty && plan.executions == nil && plan.logs == nil && plan.probes.isEmpty)
        #expect(plan.observers.isEmpty && plan.stages.allSatisfy(\.incidents.isEmpty))
        try Self.expectValid([Self.template])
    }

    @Test(arguments: [false, true])
    func theTemplateWithAllThatItSwitchesOff(others: Bool) throws {
        let yaml = Self.unfolded(others: others)
        let file = try Self.load(yaml)
        let plan = file.plan
        #expect(file.remarks.isEmpty)
        #expect(Set(plan.stages.map(\.kind)) == Set(Stage.Kind.allCases).subtracting([.load]))
        #expect(
            plan.stages.contains { $0.check == .byDefault } && plan.stages.contains { !$0.incidents.isEmpty }
        )
        let executions = try #require(plan.executions)
        #expect(executions.callback != nil && executions.poll != nil)
        #expect(executions.stream != nil && executions.query != nil && executions.deadLetters != nil)
        #expect((plan.logs?.realtime != nil) == others)
        let places = plan.criteria.compactMap(\.comparison?.place)
        #expect(places == [.stage("baseline"), .lastRun])
        #expect(plan.probes.contains { $0.uses(.secret) } && !plan.canaryCommands.isEmpty)
        #expect(plan.observers.postgres != nil)
        try Self.expectValid([yaml])
    }

    /// What a plan may have at its top, a replay's own keys apart, is in the template.
    @Test func theTemplateHasEveryPart() throws {
        let url = Self.root.appending(path: "Documentation/schemas/load-plan.json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        let schema = try #require(object as? [String: Any])
        let keys = try #require(schema["properties"] as? [String: Any]).keys
        let lines = Self.unfolded(others: false).split(separator: "\n")
        for key in keys { #expect(lines.contains { $0.hasPrefix("\(key):") }, "\(key)") }
    }

    /// Whatever names hold stays a text on its line.
    @Test(arguments: ["/it's \"a\".gz", "/two\nof: them", "/back\\slash", "/# none", "/{a: b}", "/\té"])
    func namesStayNames(trace: String) throws {
        let yaml = LoadPlanTemplate.yaml(trace: trace, target: "http://127.0.0.1:8080")
        for yaml in [yaml, yaml.replacing("#: ", with: "")] {
            #expect(try Self.load(yaml).plan.scenarios.allSatisfy { $0.traces == [trace] })
        }
    }

    @Test func thePlansOfTheLoadTest() throws {
        let folder = Self.root.appending(path: "Tests/LoadTest")
        // Rules of their checks stand beside them.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".yaml") && !$0.hasSuffix(".rules.yaml") }.sorted()
        #expect(Set(names).isSuperset(of: ["defects.yaml", "knee.yaml", "plan.yaml", "recovery.yaml"]))
        for name in names {
            let path = folder.appending(path: name).path
            let file = try LoadPlanFile.load(path: path, folder: folder.path + "/")
            #expect(file.remarks.isEmpty, "\(name)")
            #expect(
                !file.plan.criteria.isEmpty || file.plan.stages.contains { !$0.criteria.isEmpty },
                "\(name)"
            )
        }
        try Self.expectValid(
            try names.map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }
        )
    }
}
