import Crypto
import Foundation
import MeshDatabase
import MeshTarget

/// Which hook is whose, and what each project's senders sign with: read from the database, kept in memory.
struct Directory: Sendable {
    struct Hook: Sendable, Equatable {
        var project: String
        var slug: String
        var workflow: String
        /// In seconds.
        var tolerance: Int64
        var wantsJSON: Bool
        /// Whose keys sign what comes; the project's own, but for a planted defect.
        var signer: String
    }

    private(set) var hooks: [String: Hook] = [:]
    private(set) var keys: [String: [[UInt8]]] = [:]
    /// Deliveries a second by project, where the database says so.
    private(set) var rates: [String: Double] = [:]
    /// Every project, in order.
    private(set) var projects: [String] = []

    init() {}

    /// - Parameters:
    ///   - routes: the answer of `Queries.routes`.
    ///   - keys: that of `Queries.keys`.
    init(routes: ResultTable, keys: ResultTable, options: ServiceOptions) {
        for row in 0..<routes.rowCount {
            let hook = Hook(
                project: routes.string(row, 0),
                slug: routes.string(row, 1),
                workflow: routes.string(row, 2),
                tolerance: routes.integer(row, 4) ?? 300,
                wantsJSON: routes.flag(row, 5),
                signer: routes.string(row, 0)
            )
            hooks[hook.slug] = hook
            if let rate = routes.number(row, 6) { rates[hook.project] = rate }
        }
        projects = Set(hooks.values.map(\.project)).sorted()
        for row in 0..<keys.rowCount {
            guard let sealed = Data(hex: keys.string(row, 1)),
                let key = SealedKey.open(sealed, seed: options.seed)
            else { continue }
            self.keys[keys.string(row, 0), default: []].append(key)
        }
        if let secret = options.signingSecret { for project in projects { self.keys[project] = [secret] } }
        if options.defects.has(.slugClash) { clash() }
    }

    /// The first hook of each project leads to the first one of the next.
    private mutating func clash() {
        let first = projects.compactMap { project in
            hooks.values.filter { $0.project == project }.min { $0.slug < $1.slug }
        }
        for (place, hook) in first.enumerated() {
            let other = first[(place + 1) % first.count]
            hooks[hook.slug]?.project = other.project
            hooks[hook.slug]?.workflow = other.workflow
        }
    }
}

/// A signing key as the database keeps it: sealed with AES-GCM under a key that is a function of the seed.
enum SealedKey {
    static func seal(_ key: [UInt8], seed: UInt64) -> [UInt8] {
        (try? AES.GCM.seal(key, using: masterKey(seed)).combined).map { Array($0) } ?? []
    }

    static func open(_ sealed: Data, seed: UInt64) -> [UInt8]? {
        guard let box = try? AES.GCM.SealedBox(combined: sealed) else { return nil }
        return (try? AES.GCM.open(box, using: masterKey(seed))).map { Array($0) }
    }

    private static func masterKey(_ seed: UInt64) -> SymmetricKey {
        SymmetricKey(data: SHA256.hash(data: Array("mesh master key \(seed)".utf8)))
    }
}

extension Data {
    init?(hex: String) {
        let digits = Array(hex.utf8)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16)
            else {
                return nil
            }
            bytes.append(byte)
        }
        self.init(bytes)
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits a byte.
    var hex: String {
        var text: [UInt8] = []
        let digits = Array("0123456789abcdef".utf8)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
