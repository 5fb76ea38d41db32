import ArgumentParser
import Configuration
import Messages
import Replay

/// Makes a value of the replay readable from the command line, with its own sentence when it is not.
///
/// The parser of the command line would say only that the value is invalid; the values know why.
struct Spelled<Value: Sendable>: Sendable {
    var value: Value
}

extension Spelled where Value == Pacing {
    static func speed(_ text: String) throws -> Spelled { try wrap { try Pacing(speed: text) } }
    static func rate(_ text: String) throws -> Spelled { try wrap { try Pacing(rate: text) } }
}

extension Spelled where Value == TraceMoment {
    static func moment(_ text: String) throws -> Spelled { try wrap { try TraceMoment(text) } }
}

extension Spelled where Value == RequestFilter {
    static func filter(_ text: String) throws -> Spelled { try wrap { try RequestFilter(text) } }
}

extension Spelled where Value == ResolvedName {
    static func name(_ text: String) throws -> Spelled { try wrap { try ResolvedName(text) } }
}

extension Spelled where Value == SessionRule {
    static func session(_ text: String) throws -> Spelled { try wrap { try SessionRule(text) } }
}

extension Spelled where Value == Share {
    static func share(_ text: String) throws -> Spelled { try wrap { try Share(text) } }
}

extension Spelled where Value == Shard {
    static func shard(_ text: String) throws -> Spelled { try wrap { try Shard(text) } }
}

extension Spelled {
    private static func wrap(_ read: () throws -> Value) throws -> Spelled {
        do {
            return Spelled(value: try read())
        } catch let error as UnreadableValue {
            throw ValidationError(error.description)
        }
    }
}

/// A target as it was given; why it cannot be used is told without what may be a password in it.
struct TargetArgument: ExpressibleByArgument {
    private let result: Result<ReplayTarget, UnreadableValue>

    /// Never fails: the parser of the command line would repeat the whole value.
    init(argument: String) {
        do {
            result = .success(try ReplayTarget(argument))
        } catch {
            result = .failure(error)
        }
    }

    func value() throws -> ReplayTarget {
        switch result {
        case .success(let target): return target
        case .failure(var error):
            if let at = error.text.lastIndex(of: "@") { error.text = "…" + error.text[at...] }
            throw CommandFailure("--target: \(error)")
        }
    }
}

/// Where the requests go and how: the options that `replay` and `check` have in common.
struct TargetOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sign again with a staging secret, last of all, or with those of a YAML file by route; may be repeated.",
            valueName: "scheme=env:VAR|file:PATH"
        )
    )
    var sign: [String] = []

    @Option(help: ArgumentHelp("A host that may be sent to although it is public or was recorded."))
    var allowTarget: [String] = []

    @Option(parsing: .unconditional, help: "How long a request may take; 30s unless said otherwise.")
    var timeout: DurationArgument?

    @Flag(help: "Send the recorded Host instead of the target's.")
    var keepHost = false

    @Flag(help: "Accept any certificate of an HTTPS target.")
    var insecure = false

    @Option(
        help:
            "What carries the requests: the wire in clear text, libcurl for the rest (auto, unless said otherwise), or one."
    )
    var transport: TransportArgument?

    @Option(
        help:
            "HTTP/2 is offered over TLS for what was recorded in it (recorded, unless said otherwise), never (1.1), or for all (2), then in clear text, too."
    )
    var httpVersion: HTTPVersionArgument?

    @OptionGroup
    var connection: ConnectionOptions

    /// Applies the options to a plan; `signing` is what a plan file says of secrets, which counts where the command line
    /// says nothing.
    func apply(to plan: inout ReplayPlan, signing: [String] = []) throws {
        let settings = try SecretOptions.read(
            sign.isEmpty ? signing : sign,
            option: sign.isEmpty && !signing.isEmpty ? "'sign' in the plan" : "--sign",
            signs: true
        )
        plan.credentials = settings.credentials
        plan.schemes = settings.directory
        plan.allowedTargets += allowTarget
        if let timeout { plan.timeout = UInt64(timeout.nanoseconds) }
        if keepHost { plan.keepsHost = true }
        if insecure { plan.isInsecure = true }
        if let transport { plan.transport = transport.choice }
        try connection.apply(to: &plan)
        if let httpVersion { plan.httpVersion = httpVersion.choice }
        guard plan.httpVersion != .http2 || plan.transport != .wire else {
            throw CommandFailure("HTTP/2 takes libcurl: leave out --transport wire, or --http-version 2")
        }
    }
}

/// What carries the requests, as spelled on the command line.
enum TransportArgument: String, CaseIterable, ExpressibleByArgument {
    case auto
    case curl
    case wire

    var choice: TransportChoice {
        switch self {
        case .auto: .auto
        case .curl: .curl
        case .wire: .wire
        }
    }
}

/// In which version of HTTP requests go out, as spelled on the command line.
enum HTTPVersionArgument: String, CaseIterable, ExpressibleByArgument {
    case recorded
    case http1 = "1.1"
    case http2 = "2"

    var choice: HTTPVersionChoice {
        switch self {
        case .recorded: .recorded
        case .http1: .http1
        case .http2: .http2
        }
    }
}
