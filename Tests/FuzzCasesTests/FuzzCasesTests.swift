import Foundation
import FuzzTargets
import SeededRandom
import Testing

/// What the fuzzer once found, and the seeds from which it starts: the properties of its targets hold for each.
@Suite struct FuzzCasesTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test(arguments: FuzzTarget.allCases)
    func whatWasFoundOnce(_ target: FuzzTarget) throws {
        for file in try Self.files(in: "FuzzTesting/FailCases/\(target.rawValue)") {
            target.run(Array(try Data(contentsOf: file)).span)
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func seedsAndWhatIsBentOfThem(_ target: FuzzTarget) throws {
        var generator = SeededGenerator(seed: 7)
        for file in try Self.files(in: "Captures") where file.pathExtension == "pcap" {
            let bytes = Array(try Data(contentsOf: file).prefix(16_384))
            target.run(bytes.span)
            for _ in 0..<4 { target.run(bytes.bent(using: &generator).span) }
        }
    }

    private static func files(in folder: String) throws -> [URL] {
        let folder = Self.folder.appending(path: folder)
        guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else { return [] }
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    }
}

extension [UInt8] {
    fileprivate func bent(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(index..<Swift.min(bytes.count, index + 9))
            default: bytes.insert(contentsOf: bytes[index...].prefix(40), at: index)
            }
        }
        return bytes
    }
}
