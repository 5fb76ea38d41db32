/// The first line of a trace file: whose trace it is, and what a reader must know before it reads on.
package struct TraceHeader: Hashable, Sendable {
    /// Where packets came from.
    package struct Source: Hashable, Sendable {
        /// The number by which connections name it.
        package var id: UInt16
        package var host: String
        /// An interface, or the name of a capture file.
        package var interface: String
        /// What its times were taken from, such as `realtime` or `file`.
        package var clock: String

        package init(id: UInt16, host: String, interface: String, clock: String) {
            self.id = id
            self.host = host
            self.interface = interface
            self.clock = clock
        }
    }

    /// A rule set that was applied before anything was written.
    package struct Anonymizer: Hashable, Sendable {
        package var name: String
        /// A hash of its rules, in hexadecimal.
        package var fingerprint: String

        package init(name: String, fingerprint: String) {
            self.name = name
            self.fingerprint = fingerprint
        }
    }

    /// The version of the format that this code writes and reads.
    package static let format = 1
    /// The entries of `requires` that this code understands: none so far.
    package static let understood: Set<String> = []
    /// The value of ``keyID`` when the key was random and is forgotten.
    package static let ephemeralKey = "ephemeral"

    package var requires: [String] = []
    package var traceID: TraceID
    /// Counts the files of one recording from 0.
    package var part: UInt32
    package var sources: [Source]
    package var toolVersion: String
    package var anonymizers: [Anonymizer]
    /// False when payloads were written as they were captured.
    package var isAnonymized: Bool
    /// Tells keys apart without telling anything about them; `nil` when there was none.
    package var keyID: String?

    package init(
        traceID: TraceID,
        part: UInt32 = 0,
        sources: [Source],
        toolVersion: String,
        anonymizers: [Anonymizer] = [],
        isAnonymized: Bool,
        keyID: String? = nil
    ) {
        self.traceID = traceID
        self.part = part
        self.sources = sources
        self.toolVersion = toolVersion
        self.anonymizers = anonymizers
        self.isAnonymized = isAnonymized
        self.keyID = keyID
    }
}

/// Why the first line of a trace cannot be used.
package enum TraceHeaderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the line holds is no JSON object.
    case notJSON(String)
    /// A member is missing or of the wrong type.
    case field(String)
    case unsupportedFormat(String)
    /// Entries of `requires` that this version does not understand.
    case requires([String])

    package var description: String {
        switch self {
        case .notJSON(let why): "its header is no JSON object (\(why))"
        case .field(let name): "its header has no usable \"\(name)\""
        case .unsupportedFormat(let format):
            "it has format \(format), and this version reads format \(TraceHeader.format); "
                + "use the version of tapedeck that wrote it, or a later one"
        case .requires(let names):
            "reading it requires \(names.joined(separator: ", ")), which this version does not have; "
                + "use the version of tapedeck that wrote it, or a later one"
        }
    }
}
