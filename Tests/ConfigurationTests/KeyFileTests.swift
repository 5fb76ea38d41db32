import Anonymization
import Configuration
import Foundation
import Testing

@Suite struct KeyFileTests {
    private func withScratch(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private func write(_ bytes: [UInt8], to url: URL, mode: Int = 0o600) throws {
        try Data(bytes).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
    }

    @Test func theFirstUseMakesTheFile() throws {
        try withScratch { folder in
            let path = folder.appending(path: "key").path
            let made = try KeyFile.load(path)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            #expect(try KeyFile.load(path).id == made.id)
            let other = try KeyFile.load(folder.appending(path: "other").path)
            #expect(other.id != made.id && KeyFile.ephemeral().id != KeyFile.ephemeral().id)
        }
    }

    @Test func bytesAndDigitsAreOneKey() throws {
        try withScratch { folder in
            let bytes = [UInt8](0..<32)
            let digits = bytes.map { String(format: "%02X", $0) }.joined()
            let spellings = [bytes, Array(digits.utf8), Array((digits.lowercased() + "\r\n").utf8)]
            let ids = try spellings.enumerated().map { index, spelling in
                let file = folder.appending(path: "\(index)")
                try write(spelling, to: file)
                return try KeyFile.load(file.path).id
            }
            #expect(Set(ids).count == 1)
        }
    }

    @Test(arguments: [
        ([UInt8](repeating: 1, count: 31), 0o600, "it holds neither 32 bytes nor 64 hexadecimal digits"),
        ([], 0o600, "it holds neither 32 bytes nor 64 hexadecimal digits"),
        (
            Array(String(repeating: "g", count: 64).utf8), 0o600,
            "it holds neither 32 bytes nor 64 hexadecimal digits"
        ),
        ([UInt8](repeating: 1, count: 32), 0o640, "others may read or write it; run chmod 600 on it"),
        ([UInt8](repeating: 1, count: 32), 0o602, "others may read or write it; run chmod 600 on it"),
    ])
    func aFileThatWillNotDo(bytes: [UInt8], mode: Int, message: String) throws {
        try withScratch { folder in
            let file = folder.appending(path: "key")
            try write(bytes, to: file, mode: mode)
            let error = #expect(throws: KeyFile.Failure.self) { try KeyFile.load(file.path) }
            #expect(error?.description == "key file \(file.path): \(message)")
        }
    }

    @Test func aFolderIsNoKeyFile() throws {
        try withScratch { folder in
            let error = #expect(throws: KeyFile.Failure.self) { try KeyFile.load(folder.path) }
            #expect(error?.description.contains("no regular file") == true)
        }
    }
}
