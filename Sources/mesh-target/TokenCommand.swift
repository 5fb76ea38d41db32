import ArgumentParser
import Foundation
import MeshService
import MeshTarget

/// `mesh-target token`: web tokens made beforehand, so that a load test need not sign in.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print tokens of a project's readers, one a line."
    )

    @Option(help: "Whose readers they are.")
    var project: String

    @Option(help: "How many, each of another reader.")
    var count = 1

    @Option(help: ArgumentHelp("How long they are good for (1h).", valueName: "time"))
    var expires: TimeArgument?

    @Option(parsing: .unconditional, help: "The seed of the service.")
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...100_000).contains(count) else { throw ValidationError("--count is 1 to 100000") }
    }

    func run() {
        let token = WebToken(seed: seed)
        let now = Int64(Date().timeIntervalSince1970)
        let end = now + (expires?.nanoseconds ?? 3_600_000_000_000) / 1_000_000_000
        for number in 1...count {
            Output.line(
                token.sign(WebToken.Claims(sub: "\(project)-\(number)", project: project, expires: end))
            )
        }
    }
}

/// `mesh-target credentials`: the tenants of a seed.
struct CredentialsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credentials",
        abstract: "Print the tenants with their hooks, secrets and tokens."
    )

    @Option(parsing: .unconditional, help: "The seed of the service.")
    var seed: UInt64 = 1

    private struct Tenant: Encodable {
        var project: String
        var token: String
        var secret: String
        /// The same as Standard Webhooks spells it.
        var standard_secret: String
        var hooks: [String]
    }

    private struct Report: Encodable {
        let schema = "mesh-target.credentials/1"
        var tenants: [Tenant]
    }

    func run() {
        let tenants = MeshTenant.all(seed: seed).map { tenant in
            Tenant(
                project: tenant.id,
                token: tenant.token,
                secret: String(decoding: tenant.signingSecret, as: UTF8.self),
                standard_secret: "whsec_" + Data(tenant.signingSecret).base64EncodedString(),
                hooks: tenant.hooks.map { "/api/hooks/\($0.slug)" }
            )
        }
        Output.json(Report(tenants: tenants))
    }
}
