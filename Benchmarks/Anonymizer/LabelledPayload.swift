import Foundation

/// A payload of the labelled set: where personal data and secrets stand in it, and what only looks like them.
struct LabelledPayload: Decodable {
    struct Place: Decodable {
        let start: Int
        let end: Int
        /// What stands there: of personal data `type`, of a look-alike `kind`.
        let type: String?
        let kind: String?
        let path: String
    }

    let id: String
    let format: String
    let content_type: String
    let payload: String
    let spans: [Place]
    let decoys: [Place]

    /// The payloads of a file with one JSON object a line.
    static func all(in file: URL) throws -> [LabelledPayload] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: 0x0A).map {
            try decoder.decode(LabelledPayload.self, from: $0)
        }
    }
}

/// How many of the places of one kind came out as they should.
struct Share {
    private(set) var hits = 0
    private(set) var all = 0
    private(set) var others: [String] = []

    mutating func add(_ isHit: Bool, _ what: @autoclosure () -> String) {
        all += 1
        if isHit { hits += 1 } else { others.append(what()) }
    }

    mutating func add(_ other: Share) {
        hits += other.hits
        all += other.all
    }

    var percentage: String { String(format: "%.2f %%", 100 * Double(hits) / Double(max(1, all))) }
}
