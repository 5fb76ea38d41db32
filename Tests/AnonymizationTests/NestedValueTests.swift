import Anonymization
import Bytes
import Compression
import Configuration
import Messages
import NestedValues
import SeededRandom
import Testing

/// Values in every place and spelling that traffic has: none stays, and equal ones stay equal.
@Suite struct NestedValueTests {
    static let codings = ["", "gzip", "deflate", "br", "zstd", "gzip, br"]

    private static func anonymizer() throws -> Anonymizer {
        Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
    }

    @Test(arguments: Nesting.all)
    func noValueStays(nesting: Nesting) throws {
        var generator = SeededGenerator(seed: 7)
        var anonymizer = try Self.anonymizer()
        for kind in PlantedValue.Kind.allCases where nesting.holds(kind) {
            for coding in Self.codings {
                let value = PlantedValue.random(kind, &generator)
                let planted = nesting.message(value, codings: coding)
                // What is read is what was written, so that what is read afterwards counts.
                try #require(nesting.value(in: planted) == value.text, "\(kind): \(planted.text)")
                var message = try planted.raw
                anonymizer.anonymize(&message)
                let made = NestedMessage(message)
                let read = nesting.value(in: made)
                let shown =
                    "\(kind) \(coding): \(String(decoding: message.head.bytes, as: UTF8.self))\(made.text)"
                #expect(read != nil && read != value.text, "\(read ?? "nothing") in \(shown)")
                #expect(!shown.contains(value.text), "\(shown)")
                #expect(message.body.isEmpty == planted.body.isEmpty)
            }
        }
        let wholes = anonymizer.audit.counts.filter { $0.name.hasPrefix("body-") }
        #expect(wholes.isEmpty, "replaced whole: \(wholes)")
    }

    /// Where it stayed, an audit says so; of a message that was anonymized it says nothing.
    @Test(arguments: Nesting.all)
    func anAuditFindsWhatStayed(nesting: Nesting) throws {
        var generator = SeededGenerator(seed: 8)
        var anonymizer = try Self.anonymizer()
        var scanner = AuditScanner(ruleSets: try AnonymizerChoice.usual())
        for kind in PlantedValue.Kind.allCases where nesting.holds(kind) {
            for coding in ["", "br"] {
                let planted = nesting.message(PlantedValue.random(kind, &generator), codings: coding)
                var message = try planted.raw
                #expect(
                    !scanner.findings(in: message).isEmpty,
                    "\(kind) in \(planted.target) \(planted.text)"
                )
                anonymizer.anonymize(&message)
                let left = scanner.findings(in: message)
                #expect(left.isEmpty, "\(left) in \(String(decoding: message.body, as: UTF8.self))")
            }
        }
    }

    /// 10,000 exchanges with 200 values: each has one pseudonym, and no two have the same.
    @Test func equalValuesStayEqualWhereverTheyStand() throws {
        var generator = SeededGenerator(seed: 4)
        var anonymizer = try Self.anonymizer()
        let pool = (0..<200).map { _ in
            PlantedValue.random(
                PlantedValue.Kind.allCases.randomElement(using: &generator) ?? .email,
                &generator
            )
        }
        var pseudonyms: [PlantedValue: String] = [:]
        var places: [PlantedValue: Set<String>] = [:]
        for _ in 0..<10_000 {
            guard let value = pool.randomElement(using: &generator),
                let nesting = Nesting.all.filter({ $0.holds(value.kind) }).randomElement(using: &generator)
            else { continue }
            let coding = Self.codings.randomElement(using: &generator) ?? ""
            var message = try nesting.message(value, codings: coding).raw
            anonymizer.anonymize(&message)
            let read = try #require(nesting.value(in: NestedMessage(message)), "\(nesting) \(value)")
            if let known = pseudonyms[value] {
                #expect(read == known, "\(value) in \(nesting); before in \(places[value] ?? [])")
            } else {
                pseudonyms[value] = read
            }
            places[value, default: []].insert(nesting.name)
        }
        #expect(pseudonyms.count == Set(pool).count)
        #expect(places.values.allSatisfy { $0.count > 5 }, "each in many places")
        // Of kinds with so much room two of 200 share one by chance once in millions of runs.
        let shared = Dictionary(grouping: pseudonyms, by: \.value).filter { $0.value.count > 1 }
        #expect(shared.count <= Int(anonymizer.audit.addressCollisions), "\(shared)")
    }
}
