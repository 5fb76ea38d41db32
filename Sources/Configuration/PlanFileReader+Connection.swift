import Replay
import Yams

extension PlanFileReader {
    /// How connections to the target are made.
    func readConnection(
        _ entries: [String: Node],
        into settings: inout ConnectionSettings
    ) throws(RulesFileError) {
        if let node = entries["resolve"] {
            for element in try list(node) {
                settings.resolved.append(
                    try value(element) { text throws(UnreadableValue) in try ResolvedName(text) }
                )
            }
        }
        settings.unixSocket = try entries["unix_socket"].map(text)
        if let node = entries["source_address"] {
            for element in try list(node) {
                settings.sourceAddresses += try value(element) { text throws(UnreadableValue) in
                    try ConnectionSettings.sources(text)
                }
            }
        }
        settings.authorities = try entries["cacert"].map(text)
        settings.certificate = try entries["cert"].map(text)
        settings.key = try entries["key"].map(text)
        settings.proxy = try entries["proxy"].map { node throws(RulesFileError) in
            do {
                return try ProxyAddress(try text(node))
            } catch let failure as UnusableConnection {
                // The value may hold a password.
                throw error(node, failure.description)
            } catch let failure as RulesFileError {
                throw failure
            } catch {
                throw self.error(node, "this is no proxy")
            }
        }
        settings.proxyCredentials = try entries["proxy_credentials"].map(passwordPlace)
        settings.keyPassword = try entries["key_password"].map(passwordPlace)
    }

    /// `env:VARIABLE` or `file:PATH`; a secret itself is not repeated.
    private func passwordPlace(_ node: Node) throws(RulesFileError) -> String {
        let text = try text(node)
        guard ["env:", "file:"].contains(where: { text.hasPrefix($0) && text != $0 }) else {
            throw error(
                node,
                "a secret does not stand in a plan: env:VARIABLE or file:PATH names where it is"
            )
        }
        return text
    }
}
