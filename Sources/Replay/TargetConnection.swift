/// How connections to a target are made: from where, over what, and with which certificates.
///
/// One value for all that is asked of a target: the requests of a replay, its WebSocket sessions, and what a load plan asks
/// beside its load.
package struct TargetConnection: Hashable, Sendable {
    /// Accepts any certificate.
    package var isInsecure = false
    package var settings = ConnectionSettings()
    /// What the key of the client's certificate is locked with; it is told nowhere.
    package var keyPassword: String?

    /// `USER:PASSWORD` for the proxy; told to nobody else.
    package var proxyCredentials: String?

    package init(isInsecure: Bool = false, settings: ConnectionSettings = ConnectionSettings()) {
        self.isInsecure = isInsecure
        self.settings = settings
    }

    /// The same for another server than the target: what is said of the target's place does not hold for it.
    package var elsewhere: TargetConnection {
        var other = self
        other.settings.resolved = []
        other.settings.unixSocket = nil
        return other
    }
}
