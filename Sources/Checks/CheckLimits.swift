/// How much a check keeps; what is beyond a limit is counted and shown.
package struct CheckLimits: Hashable, Sendable {
    /// Recorded exchanges that wait for their answer. Beyond it they are not compared.
    package var exchanges = 5_000_000
    /// Bytes of recorded bodies. Beyond it the bodies of answered exchanges go first, then new ones are kept as a
    /// fingerprint only, which can tell that a body is the same, and not how it differs.
    package var bodyBytes = 256 << 20
    /// Answered exchanges that are kept for further answers, where the recording is read along with the answers.
    package var answeredExchanges = 100_000
    /// Bytes of one body without its content coding.
    package var decodedBytes = 16 << 20
    /// Values in one JSON body; larger ones are compared as bytes.
    package var jsonValues = 1_000_000
    /// Differences told apart in one exchange.
    package var differencesPerExchange = 50
    /// Differences listed one by one.
    package var differences = 1_000
    /// Groups of differences.
    package var groups = 1_000
    /// What share of the fields of which it is said that they vary more often than they did may be so by chance.
    package var falseDiscoveryRate = 0.001
    /// Routes told apart.
    package var routes = 10_000

    package init() {}
}
