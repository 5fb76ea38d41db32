import ArgumentParser
import Foundation
import Glibc
import MeshService

/// A length of time: `250us`, `20ms`, `1.5s`, `2m`, `1h`.
struct TimeArgument: ExpressibleByArgument {
    var nanoseconds: Int64
    var text: String

    init?(argument: String) {
        guard let nanoseconds = TimeSpan.nanoseconds(argument) else { return nil }
        self.nanoseconds = nanoseconds
        text = argument
    }

    var defaultValueDescription: String { text }
}

/// `20ms`, `20ms..80ms`, `exp:20ms`, `SLUG=50ms`.
struct LatencyArgument: ExpressibleByArgument {
    var added: AddedLatency
    var text: String

    init?(argument: String) {
        guard let added = AddedLatency(argument) else { return nil }
        self.added = added
        text = argument
    }
}

/// `run-lost`, `run-lost=100`.
struct DefectArgument: ExpressibleByArgument {
    var text: String

    init?(argument: String) {
        var defects = Defects()
        guard defects.plant(argument) else { return nil }
        text = argument
    }

    static var allValueStrings: [String] { Defect.allCases.map(\.rawValue) }
}

/// `pool=4x10ms`, `row-lock=5ms`, …
struct BottleneckArgument: ExpressibleByArgument {
    var text: String

    init?(argument: String) {
        var bottlenecks = Bottlenecks()
        guard bottlenecks.plant(argument) else { return nil }
        text = argument
    }

    static var allValueStrings: [String] { Bottlenecks.kinds }
}

/// How readers are told apart, as spelled on the command line.
enum Readers: String, CaseIterable, ExpressibleByArgument {
    case tokens
    case project
}

/// Where the signing secret of all tenants is kept; never the secret itself.
struct SecretPlace: ExpressibleByArgument {
    var text: String

    init?(argument: String) {
        guard argument.hasPrefix("env:") || argument.hasPrefix("file:") else { return nil }
        text = argument
    }

    /// The secret, without the line end that editors put after it.
    func read() throws -> [UInt8] {
        var bytes: [UInt8]
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst(4))
            guard let value = getenv(name) else { throw Failure("the environment has no \(name)") }
            bytes = Array(String(cString: value).utf8)
        } else {
            bytes = Array(try Data(contentsOf: URL(fileURLWithPath: String(text.dropFirst(5)))))
        }
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Failure("the signing secret is empty; give one that is not") }
        return bytes
    }
}

/// Why the program cannot go on.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// A habit of MeshHook's by its name.
struct HabitArgument: ExpressibleByArgument {
    var habit: Habit

    init?(argument: String) {
        guard let habit = Habit(rawValue: argument) else { return nil }
        self.habit = habit
    }

    static var allValueStrings: [String] { Habit.allCases.map(\.rawValue) }
}

/// What is planted, in the service and in its workers.
struct PlantedArguments: ParsableArguments {
    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Plant a defect; =N has it strike every Nth time.", valueName: "name[=n]")
    )
    var defect: [DefectArgument] = []

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("Plant a bottleneck.", valueName: "kind[=value]")
    )
    var bottleneck: [BottleneckArgument] = []

    @Flag(help: "MeshHook as it is: unsigned accepted, empty 202, in-process queue, one job a second.")
    var compat = false

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp("With --compat: do without this habit of MeshHook's.", valueName: "habit")
    )
    var remedy: [HabitArgument] = []

    var habits: Set<Habit> { compat ? Set(Habit.allCases).subtracting(remedy.map(\.habit)) : [] }

    var defects: Defects {
        var defects = Defects()
        for argument in defect { _ = defects.plant(argument.text) }
        return defects
    }

    var bottlenecks: Bottlenecks {
        var bottlenecks = Bottlenecks()
        for argument in bottleneck { _ = bottlenecks.plant(argument.text) }
        return bottlenecks
    }

    /// The same for a process that this one starts.
    var commandLine: [String] {
        defect.flatMap { ["--defect", $0.text] } + bottleneck.flatMap { ["--bottleneck", $0.text] }
            + (compat ? ["--compat"] : []) + remedy.flatMap { ["--remedy", $0.habit.rawValue] }
    }
}
