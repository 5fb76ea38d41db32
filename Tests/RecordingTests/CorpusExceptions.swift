import Foundation

/// The streams of the corpus that the recorder does not read exactly as the oracle does, each with its reason.
///
/// They stand in two tables of `Documentation/corpus-exceptions.md`, `| capture | streams | reason |`: those read
/// otherwise, and those of which more is read.
struct CorpusExceptions {
    /// What the recorder gives on a stream, held against the oracle.
    enum Outcome: Equatable {
        case same
        /// The oracle's messages in order, and further ones that say themselves that they are not whole, or that
        /// stand on a stream with holes.
        case more
        case different
    }

    private var entries: [String: [Int: Outcome]] = [:]

    static func load() throws -> CorpusExceptions {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/corpus-exceptions.md")
        return CorpusExceptions(try String(contentsOf: file, encoding: .utf8))
    }

    init(_ text: String) {
        var outcome = Outcome.different
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { outcome = line.hasPrefix("## More") ? .more : .different }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, !cells[2].isEmpty else { continue }
            let name = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            for number in cells[1].split(separator: ",") {
                guard let stream = Int(number.trimmingCharacters(in: .whitespaces)) else { continue }
                entries[name, default: [:]][stream] = outcome
            }
        }
    }

    func outcome(_ name: String, _ stream: Int) -> Outcome { entries[name]?[stream] ?? .same }

    func streams(of name: String) -> Set<Int> { Set(entries[name, default: [:]].keys) }

    var names: Set<String> { Set(entries.keys) }
}
