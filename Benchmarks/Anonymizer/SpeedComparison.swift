import Anonymization
import Bytes
import Compression
import Configuration
import Foundation
import Glibc
import Messages

/// Anonymizing payloads against compressing the same bytes with `zlib -1`, both on this one thread.
struct SpeedComparison {
    private var messages: [RawMessage] = []
    private var bytes = 0

    /// Takes every `.json` file below a folder as the body of a request of its own.
    init(of folder: URL) throws {
        let head = try Head(
            parsing: Array("POST /in HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n".utf8),
            kind: .request
        )
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where file.pathExtension == "json" {
            let body = [UInt8](try Data(contentsOf: file))
            messages.append(RawMessage(head: head, body: body))
            bytes += body.count
        }
    }

    /// Runs both, turn and turn about, and prints the shortest time of each; of allocations it prints those of the last round.
    func run(rounds: Int) throws {
        var anonymizer = try anonymizer()
        var deflater = Deflater(.zlib, level: 1)
        var (anonymizing, compressing) = (Duration.seconds(3600), Duration.seconds(3600))
        var allocations: UInt?
        let clock = ContinuousClock()
        for _ in 0..<rounds {
            let before = Self.allocationCount
            anonymizing = min(anonymizing, clock.measure { anonymize(&anonymizer) })
            if let before, let after = Self.allocationCount { allocations = after - before }
            compressing = min(compressing, clock.measure { compress(&deflater) })
        }
        print("| \(messages.count) payloads, \(bytes) bytes | ns a byte | MB/s |\n|---|---|---|")
        for (name, time) in [("anonymizing", anonymizing), ("`zlib -1`", compressing)] {
            let nanoseconds =
                Double(time.components.attoseconds) / 1e9 + Double(time.components.seconds) * 1e9
            let each = nanoseconds / Double(bytes)
            print("| \(name) | \(String(format: "%.2f", each)) | \(String(format: "%.0f", 1000 / each)) |")
        }
        print("\nanonymizing takes \(String(format: "%.2f", anonymizing / compressing)) times as long")
        if let allocations {
            print(
                "allocations of a payload: \(String(format: "%.2f", Double(allocations) / Double(messages.count)))"
            )
        }
    }

    /// One of the two alone, for a profiler.
    func run(_ name: String, rounds: Int) throws {
        var anonymizer = try anonymizer()
        var deflater = Deflater(.zlib, level: 1)
        for _ in 0..<rounds {
            if name == "zlib" { compress(&deflater) } else { anonymize(&anonymizer) }
        }
        print(bytes * rounds)
    }

    private func anonymize(_ anonymizer: inout Anonymizer) {
        for message in messages {
            var message = message
            anonymizer.anonymize(&message)
        }
    }

    private func compress(_ deflater: inout Deflater) {
        var output: [UInt8] = []
        for message in messages { deflater.append(message.body.span, to: &output) }
        deflater.finish(into: &output)
        deflater.reset()
    }

    /// The counter of `allocations.c`, where that library was loaded before the program.
    private static var allocationCount: UInt? {
        guard let counter = dlsym(nil, "allocation_count") else { return nil }
        return counter.load(as: UInt.self)
    }
}
