import ArgumentParser
import MeshService
import MeshTarget

/// The options of the service.
struct ServiceArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen = ListenAddress(host: "127.0.0.1", port: 8080)

    @Option(parsing: .unconditional, help: "Decides tenants, secrets, tokens and run ids.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("How readers are told apart.", valueName: "tokens|project"))
    var auth = Readers.tokens

    @Option(help: ArgumentHelp("One signing secret for all tenants.", valueName: "env:VAR|file:PATH"))
    var secret: SecretPlace?

    @Option(help: "Connections to the database (16, with --compat 10).")
    var pool: Int?

    @Option(help: "Transactions that may wait for a connection.")
    var poolQueue = 4096

    @Option(help: ArgumentHelp("Longest wait for a connection (5s).", valueName: "time"))
    var poolTimeout: TimeArgument?

    @Option(help: ArgumentHelp("Deliveries a second each tenant may send.", valueName: "n"))
    var rateLimit: Double?

    @Option(help: "Attempts before a job becomes a dead letter.")
    var maxAttempts = 5

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Added to answers of hooks: 20ms, 20ms..80ms, exp:20ms, SLUG=50ms.",
            valueName: "time"
        )
    )
    var latency: [LatencyArgument] = []

    @Option(help: ArgumentHelp("Deliveries answered 500, in percent.", valueName: "percent"))
    var errorRate = 0.0

    @Option(help: ArgumentHelp("How late live log lines are sent (0s).", valueName: "time"))
    var logDelay: TimeArgument?

    func validate() throws {
        guard pool.map({ (1...500).contains($0) }) ?? true else {
            throw ValidationError("--pool is 1 to 500")
        }
        guard poolQueue >= 0 else { throw ValidationError("--pool-queue is 0 or more") }
        guard rateLimit.map({ $0 > 0 && $0.isFinite }) ?? true else {
            throw ValidationError("--rate-limit is above 0")
        }
        guard (1...100).contains(maxAttempts) else { throw ValidationError("--max-attempts is 1 to 100") }
        guard (0...100).contains(errorRate) else { throw ValidationError("--error-rate is 0 to 100") }
    }

    func options(_ planted: PlantedArguments, conninfo: String) throws -> ServiceOptions {
        var options = ServiceOptions()
        options.host = listen.host
        options.port = listen.port
        options.conninfo = conninfo
        options.seed = seed
        options.authentication = auth == .tokens ? .tokens : .project
        options.signingSecret = try secret?.read()
        options.pool = pool
        options.poolQueue = poolQueue
        if let poolTimeout { options.poolPatience = poolTimeout.nanoseconds }
        options.rateLimit = rateLimit
        options.maxAttempts = maxAttempts
        options.latencies = latency.map(\.added)
        options.errorRate = errorRate / 100
        options.logDelay = logDelay?.nanoseconds ?? 0
        options.habits = planted.habits
        options.defects = planted.defects
        options.bottlenecks = planted.bottlenecks
        return options
    }

    /// The same for a process that this one starts, listening on `listen`.
    func commandLine(listen: ListenAddress) -> [String] {
        var line = ["--listen", "\(listen)", "--seed", "\(seed)", "--auth", auth.rawValue]
        if let secret { line += ["--secret", secret.text] }
        if let pool { line += ["--pool", "\(pool)"] }
        line += ["--pool-queue", "\(poolQueue)"]
        if let poolTimeout { line += ["--pool-timeout", poolTimeout.text] }
        if let rateLimit { line += ["--rate-limit", "\(rateLimit)"] }
        line += ["--max-attempts", "\(maxAttempts)"]
        line += latency.flatMap { ["--latency", $0.text] }
        line += ["--error-rate", "\(errorRate)"]
        if let logDelay { line += ["--log-delay", logDelay.text] }
        return line
    }
}

/// The options of workers.
struct WorkerArguments: ParsableArguments {
    @Option(help: "Jobs that a worker takes at once.")
    var batch = 64

    @Option(help: ArgumentHelp("When a job of a dead worker is taken again (30s).", valueName: "time"))
    var lock: TimeArgument?

    @Option(help: ArgumentHelp("Wait before the second attempt; doubles (1s).", valueName: "time"))
    var retryBase: TimeArgument?

    @Option(help: ArgumentHelp("Where steps that call out post to.", valueName: "url"))
    var sink: String?

    func validate() throws {
        guard (1...1000).contains(batch) else { throw ValidationError("--batch is 1 to 1000") }
        guard sink?.hasPrefix("http://") ?? true else {
            throw ValidationError("--sink is http://HOST:PORT/PATH")
        }
    }

    func options(_ planted: PlantedArguments, conninfo: String, name: String) -> WorkerOptions {
        var options = WorkerOptions()
        options.name = name
        options.conninfo = conninfo
        options.batch = batch
        if let lock { options.lock = Double(lock.nanoseconds) / 1e9 }
        if let retryBase { options.retryBase = Double(retryBase.nanoseconds) / 1e6 }
        options.sink = sink
        options.isSlowQueue = planted.habits.contains(.slowQueue)
        options.defects = planted.defects
        options.bottlenecks = planted.bottlenecks
        return options
    }

    var commandLine: [String] {
        var line = ["--batch", "\(batch)"]
        if let lock { line += ["--lock", lock.text] }
        if let retryBase { line += ["--retry-base", retryBase.text] }
        if let sink { line += ["--sink", sink] }
        return line
    }
}
