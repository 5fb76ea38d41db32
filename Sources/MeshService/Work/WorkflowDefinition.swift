import Foundation
package import MeshTarget

/// The steps of a workflow, as the database keeps them.
package struct WorkflowDefinition: Codable, Sendable, Equatable {
    /// One step; which members count depends on the type.
    package struct Step: Codable, Sendable, Equatable {
        package enum Kind: String, Codable, Sendable {
            /// Over at once.
            case transform
            /// Waits for `milliseconds`, somewhere between the two.
            case delay
            /// Writes `lines` log lines more than others.
            case log
            /// Posts to `url`, or to the sink of the worker, and is over at once where there is neither.
            case call = "http_call"
            /// Fails with this `probability`, once for each attempt.
            case fail
            /// Ends the run.
            case terminate
        }

        package var type: Kind
        package var name: String
        package var milliseconds: [Int]?
        package var lines: Int?
        package var url: String?
        package var probability: Double?

        package init(type: Kind, name: String, milliseconds: [Int]? = nil) {
            self.type = type
            self.name = name
            self.milliseconds = milliseconds
        }
    }

    package var steps: [Step]

    package var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? Array(encoder.encode(self))) ?? []
    }

    package init(steps: [Step]) { self.steps = steps }

    /// Reads what the database keeps; `nil` where that is no definition.
    package init?(json: String) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = read
    }

    /// The workflows of the stand-in in memory: the same steps, with all their time spent in one delay before the last.
    package static func of(_ workflow: Workflow) -> WorkflowDefinition {
        var steps = workflow.steps.filter { $0 != "delay" }.map { Step(type: .transform, name: $0) }
        if workflow.fails {
            steps[steps.count - 1].type = .fail
            steps[steps.count - 1].probability = 1
        } else {
            steps[steps.count - 1].type = .call
        }
        let range = [workflow.milliseconds.lowerBound, workflow.milliseconds.upperBound]
        steps.insert(Step(type: .delay, name: "delay", milliseconds: range), at: steps.count - 1)
        return WorkflowDefinition(steps: steps)
    }
}
