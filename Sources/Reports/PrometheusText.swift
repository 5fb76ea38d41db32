/// Metric families in Prometheus' text format 0.0.4, each with its help and type.
struct PrometheusText {
    enum Kind: String {
        case counter, gauge, summary
    }

    private(set) var text = ""
    private let prefix: String

    /// Every name begins with `prefix`.
    init(prefix: String) {
        self.prefix = prefix
    }

    /// A family of one sample.
    mutating func add(_ name: String, _ kind: Kind, help: String, _ value: String) {
        begin(name, kind, help: help)
        sample(name, value)
    }

    /// A family with a sample for each value of `label`, in their order.
    mutating func add(
        _ name: String,
        _ kind: Kind,
        help: String,
        label: String,
        _ samples: [(String, UInt64)]
    ) {
        begin(name, kind, help: help)
        for (value, count) in samples.sorted(by: { $0.0 < $1.0 }) {
            sample("\(name){\(label)=\"\(value)\"}", "\(count)")
        }
    }

    mutating func begin(_ name: String, _ kind: Kind, help: String) {
        text += "# HELP \(prefix)\(name) \(help)\n# TYPE \(prefix)\(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ name: String, _ value: String) {
        text += "\(prefix)\(name) \(value)\n"
    }

    /// Microseconds as seconds.
    static func seconds(microseconds: UInt64) -> String {
        let rest = String(microseconds % 1_000_000)
        return "\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
    }
}
