import ArgumentParser
import Dispatch
import Glibc
import MeshTarget

/// `tapedeck target`: the stand-in server in the foreground, until it is interrupted.
struct TargetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "target",
        abstract: "Run the stand-in webhook and workflow server.",
        discussion: """
            Example:
              tapedeck target --listen 127.0.0.1:8080 --seed 1

            Three tenants with two or three hooks each take signed deliveries at POST /api/hooks/SLUG; their runs are \
            at GET /api/runs, /api/runs/ID, /api/runs/ID/logs and /api/runs/ID/logs/stream. GET /health and \
            /api/metrics ask for nothing. Tenants, secrets, tokens and run ids are functions of the seed; \
            --credentials shows them.

            Prints the address it listens on to standard output, and a summary to standard error when it is \
            interrupted (exit code 130).
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 8080)

    @Option(parsing: .unconditional, help: "Decides tenants, secrets, tokens and run ids.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "How readers are told apart: by their token, or, for replays, whose tokens are placeholders, "
                + "by the X-Project-Id beside any token.",
            valueName: "tokens|project"
        )
    )
    var auth = Readers.tokens

    @Option(
        help: ArgumentHelp(
            "One signing secret for all tenants in place of one each.",
            valueName: "env:VAR|file:PATH"
        )
    )
    var secret: SharedSecret?

    @Flag(help: "Print the tenants with their hooks, secrets and tokens, and end.")
    var credentials = false

    @Flag(help: "Nothing but the address.")
    var quiet = false

    func run() throws {
        let signingSecret = try secret?.read()
        if credentials {
            printCredentials(signingSecret)
            return
        }
        var options = MeshServer.Options()
        options.host = listen.host
        options.port = listen.port
        options.seed = seed
        options.authentication = auth == .tokens ? .tokens : .project
        options.signingSecret = signingSecret
        let server: MeshServer
        do {
            server = try MeshServer.start(options)
        } catch {
            throw CommandFailure(error.description)
        }
        let address = ListenAddress(host: server.host, port: server.port)
        if !address.isLoopback && !quiet {
            StandardError.print(
                "tapedeck: warning: \(address) can be reached from other machines, "
                    + "and whoever knows the seed knows the secrets"
            )
        }
        StandardOutput.write("http://\(address)\n")
        StandardOutput.flush()

        let stopped = DispatchSemaphore(value: 0)
        Interrupt.onRequest { stopped.signal() }
        stopped.wait()
        server.stop()
        if !quiet { StandardError.print(summary(server.counts)) }
        throw ExitCode(CommandExit.interrupted)
    }

    private func summary(_ counts: MeshCounts) -> String {
        let statuses = counts.statuses.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        return """
            tapedeck: \(counts.answers) answers (\(statuses.joined(separator: ", "))) on \
            \(counts.connections) connections; runs: \(counts.succeeded) succeeded, \(counts.failed) failed, \
            \(counts.unfinished) unfinished, at most \(counts.peakUnfinished) at once
            """
    }

    private func printCredentials(_ signingSecret: [UInt8]?) {
        for tenant in MeshTenant.all(seed: seed, signingSecret: signingSecret) {
            // A secret that was given stays where it came from.
            let shown =
                signingSecret == nil ? String(decoding: tenant.signingSecret, as: UTF8.self) : "as given"
            StandardOutput.write("tenant \(tenant.id)\n  token   \(tenant.token)\n  secret  \(shown)\n")
            for hook in tenant.hooks { StandardOutput.write("  hook    /api/hooks/\(hook.slug)\n") }
        }
    }
}

extension TargetCommand {
    /// How readers are told apart, as spelled on the command line.
    enum Readers: String, CaseIterable, ExpressibleByArgument {
        case tokens
        case project
    }

    /// Where the signing secret of all tenants is kept; never the secret itself.
    enum SharedSecret: ExpressibleByArgument {
        case environment(String)
        case file(String)

        init?(argument: String) {
            let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty else { return nil }
            switch parts[0] {
            case "env": self = .environment(String(parts[1]))
            case "file": self = .file(String(parts[1]))
            default: return nil
            }
        }

        /// The secret, without the line end that editors put after it.
        func read() throws -> [UInt8] {
            var bytes: [UInt8]
            switch self {
            case .environment(let name):
                guard let value = getenv(name) else {
                    throw CommandFailure("the environment has no \(name); set it to the signing secret")
                }
                bytes = Array(String(cString: value).utf8)
            case .file(let path):
                bytes = try Self.contents(of: path)
            }
            while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
            guard !bytes.isEmpty else {
                throw CommandFailure("the signing secret is empty; give one that is not")
            }
            return bytes
        }

        private static let longestSecret = 4096

        private static func contents(of path: String) throws -> [UInt8] {
            guard let file = fopen(path, "rb") else {
                let reason = String(cString: strerror(errno))
                throw CommandFailure("cannot read the signing secret from \(path): \(reason)")
            }
            defer { fclose(file) }
            let bytes = [UInt8](unsafeUninitializedCapacity: longestSecret + 1) { buffer, count in
                count = fread(buffer.baseAddress, 1, longestSecret + 1, file)
            }
            guard bytes.count <= longestSecret else {
                throw CommandFailure(
                    "\(path) holds more than \(longestSecret) bytes; name a file that holds the secret alone"
                )
            }
            return bytes
        }
    }
}
