import ArgumentParser
import Glibc
import Packets
import Replay

/// How connections to the target are made, where its name and the kernel do not decide.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What the target's name stands for, as curl takes it: api.example:443:10.0.0.7; may be repeated.",
            valueName: "host:port:address,…"
        ),
        transform: Spelled<ResolvedName>.name
    )
    var resolve: [Spelled<ResolvedName>] = []

    @Option(help: ArgumentHelp("Speak to the target over this socket: /run/app.sock.", valueName: "path"))
    var unixSocket: String?

    @Option(
        help: ArgumentHelp(
            "Connect from these addresses of this machine, in turn: 127.0.0.2,127.0.0.3 have twice the ports of one.",
            valueName: "address,…"
        ),
        transform: SourceAddressArgument.init
    )
    var sourceAddress: SourceAddressArgument?

    @Option(help: ArgumentHelp("Accept certificates that come from those in a PEM file.", valueName: "file"))
    var cacert: String?

    @Option(help: ArgumentHelp("Show the target a certificate of the client's, PEM.", valueName: "file"))
    var cert: String?

    @Option(help: ArgumentHelp("Its key, PEM, where it has a file of its own.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp("Where the key's password is, never the password.", valueName: "env:VAR|file:PATH")
    )
    var keyPassword: String?

    @Option(
        help: ArgumentHelp(
            "Go through a proxy, in a tunnel: http://proxy.example:3128, socks5:// or socks5h://.",
            valueName: "url"
        )
    )
    var proxy: String?

    @Option(
        help: ArgumentHelp(
            "Where the proxy's user:password is, never the password.",
            valueName: "env:VAR|file:PATH"
        )
    )
    var proxyCredentials: String?

    private func settings() throws(UnusableConnection) -> ConnectionSettings {
        var settings = ConnectionSettings()
        settings.resolved = resolve.map(\.value)
        settings.unixSocket = unixSocket
        settings.sourceAddresses = sourceAddress?.addresses ?? []
        settings.authorities = cacert
        settings.certificate = cert
        settings.key = key
        settings.keyPassword = keyPassword
        settings.proxy = try proxy.map { text throws(UnusableConnection) in try ProxyAddress(text) }
        settings.proxyCredentials = proxyCredentials
        return settings
    }

    /// Puts what the command line says over what the plan says; throws ``CommandFailure`` where that cannot be used.
    func apply(to plan: inout ReplayPlan) throws {
        do {
            plan.connection.settings.override(with: try settings())
        } catch {
            throw CommandFailure(error.description)
        }
        try plan.requireConnection()
    }
}

/// Addresses of this machine, as spelled on the command line.
struct SourceAddressArgument: Sendable {
    var addresses: [IPAddress]

    init(_ text: String) throws {
        do {
            addresses = try ConnectionSettings.sources(text)
        } catch {
            throw ValidationError(error.description)
        }
    }
}

extension ReplayPlan {
    /// Looks whether connections can be made as they are asked for, files and secrets included; throws ``CommandFailure``.
    ///
    /// Secrets are not read where nothing is to be sent.
    mutating func requireConnection(readsSecrets: Bool = true) throws {
        let settings = connection.settings
        do {
            try settings.check(for: target, over: transport)
        } catch {
            throw CommandFailure(error.description)
        }
        if let path = settings.unixSocket { try Self.requireSocket(path) }
        let files = [
            ("--cacert", settings.authorities), ("--cert", settings.certificate), ("--key", settings.key),
        ]
        for case (let option, let path?) in files { try Self.requireFile(path, option) }
        guard readsSecrets else { return }
        (connection.keyPassword, connection.proxyCredentials) = try settings.secrets()
    }

    private static func requireSocket(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw CommandFailure("--unix-socket \(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw CommandFailure("--unix-socket \(path): this is no socket")
        }
    }

    private static func requireFile(_ path: String, _ option: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw CommandFailure("\(option) \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw CommandFailure("\(option) \(path): this is a folder; a PEM file is wanted")
        }
    }

}

extension ConnectionSettings {
    /// The password of the key and `USER:PASSWORD` for the proxy, where there are any.
    func secrets() throws -> (keyPassword: String?, proxyCredentials: String?) {
        let password = try keyPassword.map {
            try Self.secret($0, option: "--key-password", of: "the key's password")
        }
        let credentials = try proxyCredentials.map {
            try Self.secret($0, option: "--proxy-credentials", of: "the proxy's user and password")
        }
        if let credentials, !credentials.contains(":") {
            throw CommandFailure("--proxy-credentials: what is there is not USER:PASSWORD")
        }
        return (password, credentials)
    }

    /// What a place holds; what is no place may be the secret itself, so it is not repeated.
    private static func secret(_ place: String, option: String, of what: String) throws -> String {
        guard place.hasPrefix("env:") || place.hasPrefix("file:") else {
            throw CommandFailure(
                "\(option) names where the secret is, as env:VARIABLE or file:PATH; it is not given itself"
            )
        }
        return try SecretText.value(place, of: what)
    }
}
