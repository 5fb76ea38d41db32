import Crypto

/// A customer of the stand-in: its hooks, the secret its senders sign with, the token its readers show.
///
/// All of it is a function of the seed and guards nothing but a stand-in.
public struct MeshTenant: Sendable {
    /// The project id that runs and requests name.
    public let id: String
    /// What its senders sign deliveries with: 64 hexadecimal digits.
    public let signingSecret: [UInt8]
    /// What readers of its runs put after `Bearer`.
    public let token: String
    /// Its hooks; slugs are unique among all tenants.
    public let hooks: [MeshHook]

    /// The three tenants of a server started with `seed`.
    ///
    /// - Parameter signingSecret: one secret for all tenants in place of one each; for a recorder or a replayer
    ///   that knows one secret per signature scheme.
    public static func all(seed: UInt64, signingSecret: [UInt8]? = nil) -> [MeshTenant] {
        hooks.map { id, hooks in
            MeshTenant(
                id: id,
                signingSecret: signingSecret ?? Array(derived("signing secret", seed: seed, tenant: id).utf8),
                token: "mesh_" + derived("token", seed: seed, tenant: id).prefix(40),
                hooks: hooks
            )
        }
    }

    private static let hooks: [(id: String, hooks: [MeshHook])] = [
        (
            "harbor",
            [
                MeshHook(slug: "harbor-orders", workflow: .short),
                MeshHook(slug: "harbor-fulfilment", workflow: .medium),
                MeshHook(slug: "harbor-charges", workflow: .failing),
            ]
        ),
        (
            "meadow",
            [
                MeshHook(slug: "meadow-payments", workflow: .short),
                MeshHook(slug: "meadow-settlement", workflow: .long),
            ]
        ),
        (
            "summit",
            [
                MeshHook(slug: "summit-signups", workflow: .short),
                MeshHook(slug: "summit-reports", workflow: .medium),
                MeshHook(slug: "summit-onboarding", workflow: .long),
            ]
        ),
    ]

    private static func derived(_ label: String, seed: UInt64, tenant: String) -> String {
        let digest = SHA256.hash(data: Array("mesh \(label) \(seed) \(tenant)".utf8))
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension MeshTenant: CustomStringConvertible {
    /// Names the tenant, and neither secret nor token.
    public var description: String { "tenant \(id)" }
}

/// An address of the stand-in that takes deliveries: `/api/hooks/SLUG`.
public struct MeshHook: Sendable {
    /// The last part of its path; unique among all tenants.
    public let slug: String
    package let workflow: Workflow
}
