/// How the stand-in tells who reads.
public enum MeshAuthentication: String, Sendable, CaseIterable {
    /// By the bearer token, which must be a tenant's; `X-Project-Id` may be left out, and must agree if it is there.
    case tokens
    /// By `X-Project-Id`, with any bearer token.
    ///
    /// For replays: a recorder puts placeholders in the place of tokens, so a replayed request shows that
    /// somebody was authenticated, and no longer who. A request without a token is refused here too.
    case project
}
