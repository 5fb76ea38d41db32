import Foundation

/// The streams of the corpus that the recorder does not read as the oracle does, each with its reason.
///
/// The list is a table in `Documentation/corpus-exceptions.md`: `| capture | stream | reason |`.
struct CorpusExceptions {
    private var entries: [String: Set<Int>] = [:]

    static func load() throws -> CorpusExceptions {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Documentation/corpus-exceptions.md")
        return CorpusExceptions(try String(contentsOf: file, encoding: .utf8))
    }

    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 3, let stream = Int(cells[1]), !cells[2].isEmpty else { continue }
            let name = cells[0].trimmingCharacters(in: CharacterSet(charactersIn: "`"))
            entries[name, default: []].insert(stream)
        }
    }

    func contains(_ name: String, _ stream: Int) -> Bool { entries[name]?.contains(stream) ?? false }

    func streams(of name: String) -> Set<Int> { entries[name] ?? [] }

    var names: Set<String> { Set(entries.keys) }
}
